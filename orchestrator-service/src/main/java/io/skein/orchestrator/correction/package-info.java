/**
 * Corrections: guidance that sends a task that is over back to be done again, three rounds at most, then a person decides. A step is
 * run again by a plan that follows its plan and needs its own approval.
 */
package io.skein.orchestrator.correction;
