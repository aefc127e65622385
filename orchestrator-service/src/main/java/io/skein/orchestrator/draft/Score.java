package io.skein.orchestrator.draft;

/**
 * Why an agent was chosen, in points: at most 40, 30, 20 and 10, together 0..100.
 *
 * @param reason the same as a sentence
 */
public record Score(int total, int pastSuccess, int recentContext, int specialisation, int load, String reason) {}
