package io.skein.orchestrator.policy;

/**
 * How a plan is to be approved.
 *
 * @param rule the rule or rules that say so, or null when none does
 * @param reason the same as a sentence
 */
public record Decision(ApprovalConfig.Mode mode, String rule, String reason) {}
