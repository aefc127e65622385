/**
 * Carries out approved plans: locks the hosts, gives steps to agents, takes their answers, ends the plan truthfully. All it
 * knows is in the database, so any process can go on where another stopped.
 */
package io.skein.orchestrator.dispatch;
