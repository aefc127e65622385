package io.skein.orchestrator.language;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value somebody gave a variable.
 *
 * @param quote the words that say so
 */
public record Assignment(String variable, JsonNode value, String quote) {}
