package io.skein.orchestrator.infra;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An inventory of the repository.
 *
 * @param aliases other ways people say it, for example {@code the homelab}
 * @param broken why it cannot be read, or null
 */
public record Inventory(
        String name, String path, List<Host> hosts, List<Group> groups, List<String> aliases, String broken) {

    public Inventory {
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        groups = groups == null ? List.of() : List.copyOf(groups);
        aliases = aliases == null ? List.of() : List.copyOf(aliases);
    }

    public record Host(String name, List<String> groups) {
        public Host {
            groups = groups == null ? List.of() : List.copyOf(groups);
        }
    }

    public record Group(String name, List<String> hosts) {
        public Group {
            hosts = hosts == null ? List.of() : List.copyOf(hosts);
        }
    }

    public Set<String> hostNames() {
        Set<String> names = new LinkedHashSet<>();
        hosts.forEach(host -> names.add(host.name()));
        groups.forEach(group -> names.addAll(group.hosts()));
        return names;
    }

    /** The hosts of a simple pattern (all, a group, a host); empty when only Ansible itself can tell. */
    public Optional<Set<String>> simplePattern(String pattern) {
        String wanted = pattern == null || pattern.isBlank() ? "all" : pattern.strip();
        if (wanted.equals("all") || wanted.equals("*")) {
            return Optional.of(hostNames());
        }
        for (Group group : groups) {
            if (group.name().equals(wanted)) {
                return Optional.of(new LinkedHashSet<>(group.hosts()));
            }
        }
        return hostNames().contains(wanted) ? Optional.of(Set.of(wanted)) : Optional.empty();
    }
}
