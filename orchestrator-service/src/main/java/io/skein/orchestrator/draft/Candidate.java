package io.skein.orchestrator.draft;

/** A playbook that may have been meant. */
public record Candidate(String playbook, String name, double confidence) {}
