package io.skein.infra.catalogue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which variables a playbook uses without giving them a value. Templates are not evaluated, only read: the names at the root
 * of an expression count, minus what is registered, set or looped over, what has a {@code default()} filter and what Ansible
 * itself provides. It is a help for asking early; Ansible has the last word.
 */
final class VariableUse {

    private static final Pattern EXPRESSION = Pattern.compile("\\{\\{(.*?)}}|\\{%-?(.*?)-?%}", Pattern.DOTALL);
    private static final Pattern STRINGS = Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])([A-Za-z_]\\w*)(\\s*\\(|\\s*=(?!=))?");
    private static final Pattern OPTIONAL =
            Pattern.compile("([A-Za-z_]\\w*)\\s*(?:\\|\\s*(?:default|d)\\s*\\(|is\\s+(?:not\\s+)?(?:un)?defined)");
    private static final Pattern SET = Pattern.compile("^\\s*set\\s+([A-Za-z_]\\w*)");
    private static final Pattern FOR = Pattern.compile("^\\s*for\\s+([\\w\\s,]+?)\\s+in\\b");

    /** Keys whose value is an expression without braces. */
    private static final Set<String> BARE =
            Set.of("when", "until", "changed_when", "failed_when", "that", "var", "with_items");

    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "not",
            "in",
            "is",
            "if",
            "else",
            "elif",
            "endif",
            "for",
            "endfor",
            "set",
            "endset",
            "true",
            "false",
            "none",
            "True",
            "False",
            "None",
            "loop",
            "item",
            "omit",
            "hostvars",
            "groups",
            "group_names",
            "inventory_hostname",
            "inventory_hostname_short",
            "inventory_dir",
            "inventory_file",
            "playbook_dir",
            "role_path",
            "role_name",
            "role_names",
            "play_hosts",
            "environment",
            "lookup",
            "query",
            "q",
            "now",
            "range",
            "namespace",
            "undef",
            "dict",
            "defined",
            "undefined",
            "block",
            "endblock",
            "include",
            "macro",
            "endmacro",
            "import",
            "from",
            "raw",
            "endraw",
            "filter",
            "endfilter",
            "self",
            "vars",
            "ignore",
            "missing",
            "with",
            "without",
            "context",
            "recursive",
            "do",
            "as",
            "e",
            "template_run_date",
            "template_host",
            "template_path",
            "discovered_interpreter_python",
            "cycler",
            "joiner");

    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> known = new LinkedHashSet<>();

    /** Reads a parsed YAML value: tasks, plays, handlers. */
    void yaml(Object value) {
        if (value instanceof List<?> list) {
            list.forEach(this::yaml);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> entry(String.valueOf(key), inner));
        } else if (value instanceof String text) {
            template(text);
        }
    }

    /** Reads the text of a template. */
    void template(String text) {
        Matcher matcher = EXPRESSION.matcher(text);
        while (matcher.find()) {
            expression(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
    }

    /** The names without a value, given those that are defined. */
    Set<String> undefined(Set<String> defined) {
        Set<String> result = new LinkedHashSet<>(used);
        result.removeAll(known);
        result.removeAll(defined);
        result.removeIf(name -> WORDS.contains(name) || name.startsWith("ansible_") || name.startsWith("_"));
        return result;
    }

    private void entry(String name, Object value) {
        String key = name.substring(name.lastIndexOf('.') + 1);
        switch (key) {
            case "register", "loop_var", "index_var" -> known.add(String.valueOf(value));
            case "set_fact", "vars" -> {
                if (value instanceof Map<?, ?> map) {
                    map.keySet().forEach(k -> known.add(String.valueOf(k)));
                }
            }
            default -> {
                /* read below */
            }
        }
        if (BARE.contains(key)) {
            bare(value);
        }
        yaml(value);
    }

    private void bare(Object value) {
        if (value instanceof List<?> list) {
            list.forEach(this::bare);
        } else if (value instanceof String text && !text.contains("{{")) {
            expression(text);
        }
    }

    private void expression(String expression) {
        String code = STRINGS.matcher(expression).replaceAll("''");
        Matcher set = SET.matcher(code);
        if (set.find()) {
            known.add(set.group(1));
        }
        Matcher loop = FOR.matcher(code);
        if (loop.find()) {
            for (String name : loop.group(1).split(",")) {
                known.add(name.strip());
            }
        }
        Matcher optional = OPTIONAL.matcher(code);
        while (optional.find()) {
            known.add(optional.group(1));
        }
        Matcher names = NAME.matcher(code);
        while (names.find()) {
            String before = code.substring(0, names.start()).stripTrailing();
            boolean filterOrTest = before.endsWith("|") || before.matches("(?s).*\\bis(\\s+not)?$");
            if (!filterOrTest && names.group(2) == null) {
                used.add(names.group(1));
            }
        }
    }
}
