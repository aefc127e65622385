/**
 * The gateway to language models (LLM-01 to LLM-04): which provider is asked for what, in which order and why, within which budget,
 * and what it cost. It knows nothing of plans; what an answer is allowed to mean is decided by who asks.
 */
package io.skein.orchestrator.llm;
