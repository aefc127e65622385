/**
 * What a model, or rules where there is none, say about a plan: why it failed and what could be better, and answers to a person's
 * questions. It is text, kept beside the plan; none of it changes a step, a variable or a decision.
 */
package io.skein.orchestrator.counsel;
