/**
 * The rules that read a person's sentence: where one thing to do ends and the next begins, which words name a target, which
 * name a variable, which say what to change in a plan. Pure functions over text; knows no playbook repository and no
 * framework.
 */
package io.skein.orchestrator.language;
