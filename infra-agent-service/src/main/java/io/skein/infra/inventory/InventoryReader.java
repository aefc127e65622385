package io.skein.infra.inventory;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.catalogue.Metadata;
import io.skein.infra.catalogue.YamlReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Asks {@code ansible-inventory}: it is the only reader that agrees with what {@code ansible-playbook} will do. */
@ApplicationScoped
class InventoryReader {

    /** The inventory file's name among its parts. */
    static final String FILE = "inventory";

    private static final long TIMEOUT_SECONDS = 30;
    private static final long MAX_PART_BYTES = 1_000_000;
    private static final long MAX_ANSWER_BYTES = 16_000_000;
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|passphrase|secret|token|api_?key|private_?key|_pass|credential).*");

    @Inject
    AnsibleRuntime ansible;

    Inventory read(String name, String path, SortedMap<String, Path> parts, String digest) {
        Path file = parts.get(FILE);
        try {
            for (Map.Entry<String, Path> part : parts.entrySet()) {
                check(part.getKey(), part.getValue());
            }
            JsonNode tree = ask(file);
            return inventory(name, path, tree, aliases(name, Files.readString(file)), digest);
        } catch (IOException e) {
            return new Inventory(name, path, List.of(), List.of(), aliases(name, ""), digest, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Inventory(
                    name, path, List.of(), List.of(), aliases(name, ""), digest, "reading was interrupted");
        }
    }

    /** Ansible follows aliases without bounds: a file of one page can make it write for hours. */
    private static void check(String part, Path file) throws IOException {
        if (Files.size(file) > MAX_PART_BYTES) {
            throw new IOException(part + " is larger than " + MAX_PART_BYTES + " bytes");
        }
        if (part.equals(FILE) && !file.toString().matches(".*\\.(ya?ml|json)")) {
            return; // INI has no aliases
        }
        Optional<String> refusal = YamlReader.refusal(Files.readString(file));
        if (refusal.isPresent()) {
            throw new IOException((part.equals(FILE) ? "" : part + ": ") + refusal.get());
        }
    }

    private JsonNode ask(Path file) throws IOException, InterruptedException {
        Path program = ansible.find("ansible-inventory")
                .orElseThrow(() -> new IOException("there is no ansible-inventory to read it with"));
        Path output = Files.createTempFile(ansible.workDir(), "inventory", ".json");
        Path errors = Files.createTempFile(ansible.workDir(), "inventory", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(program.toString(), "-i", file.toString(), "--list")
                    .directory(ansible.repository().toFile())
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(ansible.environment());
            Process process = builder.start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("ansible-inventory did not answer within " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(complaint(Files.readString(errors)));
            }
            if (Files.size(output) > MAX_ANSWER_BYTES) {
                throw new IOException("its variables are larger than " + MAX_ANSWER_BYTES + " bytes");
            }
            return WireFormat.mapper().readTree(output.toFile());
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private String complaint(String errors) {
        String text = errors.replace(ansible.repository() + "/", "").strip().replaceAll("\\s+", " ");
        return text.isEmpty() ? "ansible-inventory failed" : text.length() > 500 ? text.substring(0, 500) : text;
    }

    private static Inventory inventory(String name, String path, JsonNode tree, List<String> aliases, String digest) {
        Map<String, Set<String>> hostsOf = new TreeMap<>();
        for (String group : tree.propertyStream().map(Map.Entry::getKey).toList()) {
            if (!group.equals("_meta")) {
                hostsOf.put(group, members(tree, group, new LinkedHashSet<>()));
            }
        }
        JsonNode variables = tree.path("_meta").path("hostvars");
        List<Inventory.Host> hosts = new ArrayList<>();
        for (String host : hostsOf.getOrDefault("all", Set.of())) {
            List<String> groups = hostsOf.entrySet().stream()
                    .filter(e -> !e.getKey().equals("all") && e.getValue().contains(host))
                    .map(Map.Entry::getKey)
                    .toList();
            hosts.add(new Inventory.Host(host, groups, publicVariables(variables.path(host))));
        }
        List<Inventory.Group> groups = hostsOf.entrySet().stream()
                .filter(e -> !e.getKey().equals("ungrouped") || !e.getValue().isEmpty())
                .map(e -> new Inventory.Group(e.getKey(), List.copyOf(e.getValue())))
                .toList();
        return new Inventory(name, path, hosts, groups, aliases, digest, null);
    }

    private static Set<String> members(JsonNode tree, String group, Set<String> seen) {
        Set<String> hosts = new TreeSet<>();
        if (seen.add(group)) {
            tree.path(group).path("hosts").forEach(host -> hosts.add(host.asText()));
            tree.path(group).path("children").forEach(child -> hosts.addAll(members(tree, child.asText(), seen)));
        }
        return hosts;
    }

    private static Map<String, Object> publicVariables(JsonNode variables) {
        Map<String, Object> all =
                WireFormat.mapper().convertValue(variables, new TypeReference<LinkedHashMap<String, Object>>() {});
        Map<String, Object> shown = new LinkedHashMap<>();
        if (all != null) {
            all.forEach((key, value) -> {
                boolean vaulted = value instanceof Map<?, ?> map && map.containsKey("__ansible_vault");
                if (!SECRET.matcher(key).matches() && !vaulted) {
                    shown.put(key, value);
                }
            });
        }
        return shown;
    }

    private static List<String> aliases(String name, String text) {
        Set<String> aliases = new LinkedHashSet<>();
        String words = name.replaceAll("[_-]+", " ").toLowerCase(Locale.ROOT);
        aliases.add(name.toLowerCase(Locale.ROOT));
        aliases.add(words);
        aliases.add("the " + words);
        Metadata.of(text).phrases("aliases").forEach(alias -> aliases.add(alias.toLowerCase(Locale.ROOT)));
        return List.copyOf(aliases);
    }
}
