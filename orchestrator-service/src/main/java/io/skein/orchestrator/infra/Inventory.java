package io.skein.orchestrator.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An inventory of the repository.
 *
 * @param aliases other ways people say it, for example {@code the homelab}
 * @param broken why it cannot be read, or null
 * @param contentSha256 digest over the file with its group_vars and host_vars
 */
public record Inventory(
        String name,
        String path,
        List<Host> hosts,
        List<Group> groups,
        List<String> aliases,
        String broken,
        String contentSha256) {

    public Inventory {
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        groups = groups == null ? List.of() : List.copyOf(groups);
        aliases = aliases == null ? List.of() : List.copyOf(aliases);
    }

    /** A host with the variables it ends up with; secrets are not among them. */
    public record Host(String name, List<String> groups, Map<String, JsonNode> variables) {
        public Host {
            groups = groups == null ? List.of() : List.copyOf(groups);
            variables = variables == null ? Map.of() : variables;
        }
    }

    public record Group(String name, List<String> hosts) {
        public Group {
            hosts = hosts == null ? List.of() : List.copyOf(hosts);
        }
    }

    /** The value all of these hosts have for a variable; empty when one lacks it or they differ. */
    public Optional<JsonNode> commonValue(List<String> hostNames, String variable) {
        List<JsonNode> values = hosts.stream()
                .filter(host -> hostNames.contains(host.name()))
                .map(host -> host.variables().getOrDefault(variable, NullNode.instance))
                .distinct()
                .toList();
        return values.size() == 1 && !values.getFirst().isNull() ? Optional.of(values.getFirst()) : Optional.empty();
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
