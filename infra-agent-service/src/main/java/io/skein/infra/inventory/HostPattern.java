package io.skein.infra.inventory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Ansible's host patterns: names, groups, {@code all}, wildcards and {@code ~}expressions, joined by {@code ,} or {@code :},
 * with {@code &} for "also in" and {@code !} for "not in". Indexes ({@code web[0]}) are not understood.
 */
final class HostPattern {

    private HostPattern() {}

    /** The hosts in inventory order; empty when none match. */
    static List<String> match(String pattern, Inventory inventory) {
        Set<String> chosen = new LinkedHashSet<>();
        Set<String> required = null;
        Set<String> excluded = new LinkedHashSet<>();
        for (String part : pattern.split("[,:]")) {
            String word = part.strip();
            if (word.startsWith("!")) {
                excluded.addAll(one(word.substring(1), inventory));
            } else if (word.startsWith("&")) {
                Set<String> also = one(word.substring(1), inventory);
                if (required == null) {
                    required = also;
                } else {
                    required.retainAll(also);
                }
            } else if (!word.isEmpty()) {
                chosen.addAll(one(word, inventory));
            }
        }
        Set<String> all = one("all", inventory);
        if (chosen.isEmpty() && (required != null || !excluded.isEmpty()) && pattern.matches("[!&].*")) {
            chosen.addAll(all);
        }
        if (required != null) {
            chosen.retainAll(required);
        }
        chosen.removeAll(excluded);
        all.retainAll(chosen);
        return List.copyOf(all);
    }

    private static Set<String> one(String word, Inventory inventory) {
        Set<String> hosts = new LinkedHashSet<>();
        Pattern expression = expression(word);
        for (Inventory.Host host : inventory.hosts()) {
            if (word.equals("all") || expression.matcher(host.name()).matches()) {
                hosts.add(host.name());
            }
        }
        for (Inventory.Group group : inventory.groups()) {
            if (expression.matcher(group.name()).matches()) {
                hosts.addAll(group.hosts());
            }
        }
        return hosts;
    }

    private static Pattern expression(String word) {
        if (word.startsWith("~")) {
            try {
                return Pattern.compile(word.substring(1) + ".*");
            } catch (PatternSyntaxException e) {
                return Pattern.compile("(?!)");
            }
        }
        StringBuilder regex = new StringBuilder();
        for (char c : word.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(
                regex.toString(), word.equals(word.toLowerCase(Locale.ROOT)) ? 0 : Pattern.CASE_INSENSITIVE);
    }
}
