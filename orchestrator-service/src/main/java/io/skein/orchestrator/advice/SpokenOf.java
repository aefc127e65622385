package io.skein.orchestrator.advice;

import io.skein.orchestrator.draft.PlannedStep;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether words speak of a step: by its number, or by a word of what it is called. */
final class SpokenOf {

    private static final int SHORTEST = 3;
    /** So much of a word is its stem: "rotation" speaks of "rotate". */
    private static final int STEM = 5;

    /** Words that many steps are called with, and that say nothing about one. */
    private static final Set<String> COMMON = Set.of(
            "yml",
            "yaml",
            "playbook",
            "playbooks",
            "main",
            "site",
            "the",
            "and",
            "for",
            "all",
            "add",
            "set",
            "step",
            "setup",
            "install",
            "deploy",
            "update",
            "upgrade",
            "remove",
            "restart",
            "start",
            "stop",
            "config",
            "configure",
            "run",
            "service",
            "services",
            "new");

    private SpokenOf() {}

    static boolean in(String words, PlannedStep step) {
        if (Pattern.compile("(?<![\\p{L}\\p{N}.])" + step.number() + "(?![\\p{L}\\p{N}]|\\.\\d)")
                .matcher(words)
                .find()) {
            return true;
        }
        Set<String> said = tokens(words);
        Set<String> called = tokens(step.name() + " " + step.playbook() + " " + step.service());
        return called.stream().anyMatch(own -> said.stream().anyMatch(word -> same(own, word)));
    }

    private static boolean same(String a, String b) {
        return a.equals(b) || a.length() >= STEM && b.length() >= STEM && a.regionMatches(0, b, 0, STEM);
    }

    private static Set<String> tokens(String text) {
        Set<String> tokens = new HashSet<>();
        for (String token : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            if (token.length() >= SHORTEST && !COMMON.contains(token) && !token.equals("null")) {
                tokens.add(token);
            }
        }
        return tokens;
    }
}
