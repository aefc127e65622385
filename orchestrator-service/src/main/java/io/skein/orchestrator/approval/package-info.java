/**
 * What people do with a plan: read it, approve, reject, change, pause, resume and cancel it. Every change takes the lock on the
 * plan's row first, so that of two people who decide at once exactly one does.
 */
package io.skein.orchestrator.approval;
