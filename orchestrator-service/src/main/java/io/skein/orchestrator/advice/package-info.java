/**
 * A model's part in planning (LLM-05): what it is told of a request, and what its answer may mean. It may choose among the playbooks a
 * person would be offered and point at values that stand in the request; everything else in an answer is refused.
 */
package io.skein.orchestrator.advice;
