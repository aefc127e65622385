package io.skein.models;

import java.util.List;

/** A part of a conversation with a model. */
public sealed interface Message {

    /** What we say it is to do. */
    record Instructions(String text) implements Message {}

    /** What it is asked. */
    record Asked(String text) implements Message {}

    /** @param text may be empty */
    record Answered(String text, List<ToolUse> uses) implements Message {}

    record ToolResult(String id, String tool, String text, boolean failed) implements Message {}

    /** @param arguments as the model wrote them: not necessarily JSON */
    record ToolUse(String id, String tool, String arguments) {}

    /** Characters, for what has to be guessed before it is counted. */
    default int length() {
        return switch (this) {
            case Instructions instructions -> instructions.text().length();
            case Asked asked -> asked.text().length();
            case Answered answered ->
                answered.text().length()
                        + answered.uses().stream()
                                .mapToInt(use -> use.arguments().length())
                                .sum();
            case ToolResult result -> result.text().length();
        };
    }
}
