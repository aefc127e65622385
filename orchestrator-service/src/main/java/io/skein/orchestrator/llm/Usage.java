package io.skein.orchestrator.llm;

import java.math.BigDecimal;

/**
 * What calls came to, together.
 *
 * @param key the provider, person, session or plan
 * @param failed of the calls, those without an answer that could be used
 */
public record Usage(String key, long calls, long failed, long tokensIn, long tokensOut, BigDecimal costUsd) {}
