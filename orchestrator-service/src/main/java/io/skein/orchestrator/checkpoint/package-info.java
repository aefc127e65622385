/**
 * Checkpoints: where a person has to look before a plan, or a task, goes on. Keeps the step behind one from being ordered until
 * somebody who approves lets it go on or stops the plan.
 */
package io.skein.orchestrator.checkpoint;
