package io.skein.infra.suggest;

import java.util.Set;

/** Sorts ansible-lint's rules into Skein's five categories and three severities. */
final class Rules {

    private static final Set<String> IDEMPOTENCY = Set.of(
            "no-changed-when", "command-instead-of-module", "package-latest", "latest", "no-handler", "only-builtins");
    private static final Set<String> ERROR_HANDLING = Set.of(
            "ignore-errors",
            "risky-shell-pipe",
            "no-jinja-when",
            "literal-compare",
            "empty-string-compare",
            "avoid-implicit");
    private static final Set<String> PERFORMANCE =
            Set.of("complexity", "run-once", "command-instead-of-shell", "no-prompting", "inline-env-var", "max-tasks");
    private static final Set<String> STANDARDS = Set.of(
            "fqcn",
            "name",
            "yaml",
            "var-naming",
            "key-order",
            "jinja",
            "schema",
            "playbook-extension",
            "no-tabs",
            "galaxy",
            "meta-incorrect",
            "meta-no-tags",
            "no-free-form",
            "role-name",
            "args",
            "loop-var-prefix",
            "deprecated-module",
            "deprecated-bare-vars",
            "deprecated-local-action",
            "sanity");
    private static final Set<String> HIGH = Set.of(
            "syntax-check",
            "load-failure",
            "internal-error",
            "parser-error",
            "risky-file-permissions",
            "risky-octal",
            "no-log-password",
            "risky-shell-pipe",
            "partial-become",
            "no-same-owner",
            "avoid-implicit",
            "args");

    private Rules() {}

    /** {@code name[missing]} is the rule {@code name}. */
    static String family(String rule) {
        int bracket = rule.indexOf('[');
        return bracket < 0 ? rule : rule.substring(0, bracket);
    }

    static String category(String rule) {
        String family = family(rule);
        if (IDEMPOTENCY.contains(family)) {
            return "idempotency";
        }
        if (ERROR_HANDLING.contains(family)) {
            return "error_handling";
        }
        if (PERFORMANCE.contains(family)) {
            return "performance";
        }
        return STANDARDS.contains(family) ? "standards" : "best_practices";
    }

    static String severity(String rule) {
        String family = family(rule);
        if (HIGH.contains(family)) {
            return "high";
        }
        return STANDARDS.contains(family) ? "low" : "medium";
    }
}
