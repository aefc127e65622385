/**
 * What a plan proposes: steps, variables, questions, and the hash a person approves. Immutable values and pure functions over
 * them; knows neither how they were found nor how they are run.
 */
package io.skein.orchestrator.draft;
