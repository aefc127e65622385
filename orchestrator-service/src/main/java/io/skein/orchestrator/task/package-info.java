/**
 * Tasks: what people and agents set themselves to do, and, read off their rows, the execution of every plan with its steps as
 * subtasks. Writes only tasks of their own kind; what a plan is as a task changes with the plan alone.
 */
package io.skein.orchestrator.task;
