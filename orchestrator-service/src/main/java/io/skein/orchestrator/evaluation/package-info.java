/** Evaluations of tasks: scores per dimension by rule (read off a step's result), by another agent, or by a person. */
package io.skein.orchestrator.evaluation;
