package io.skein.cli;

import java.util.Map;

/** Colours, only where a person looks at a terminal that did not ask for none. */
public final class Style {
    private static final String RESET = "\u001b[0m";

    private final boolean colour;

    public Style(boolean colour) {
        this.colour = colour;
    }

    static Style forTerminal(Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean terminal = Terminal.isTerminal("skein.terminal.out");
        return new Style(terminal && !dumb && !environment.containsKey("NO_COLOR"));
    }

    public String bold(String text) {
        return paint("1", text);
    }

    public String dim(String text) {
        return paint("2", text);
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String notable(String text) {
        return paint("33", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    /** By what a status means: done, under way, wrong. */
    public String status(String status) {
        return switch (status) {
            case "completed", "ok", "online", "ready", "approved" -> good(status);
            case "failed", "unreachable", "interrupted", "refused", "offline", "rejected" -> bad(status);
            case "changed", "running", "paused", "awaiting_approval", "needs_input", "cancelled", "dispatched" ->
                notable(status);
            default -> status;
        };
    }

    private String paint(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
