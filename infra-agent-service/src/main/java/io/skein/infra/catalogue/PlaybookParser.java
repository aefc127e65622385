package io.skein.infra.catalogue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a playbook without running any of it. */
final class PlaybookParser {

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|passphrase|secret|token|api_?key|private_?key|credential)s?$");

    private final RepositoryFiles files;
    private final List<Path> rolesPath;

    PlaybookParser(RepositoryFiles files, List<Path> rolesPath) {
        this.files = files;
        this.rolesPath = rolesPath;
    }

    /**
     * The playbook in this file; empty when the file is YAML of another kind; a broken one when it cannot be used. Never
     * throws for what is in the file.
     */
    Optional<Playbook> parse(Path file) {
        String path = files.name(file);
        try {
            String text = files.text(file);
            Object root = YamlReader.read(text);
            if (!(root instanceof List<?> plays) || !looksLikePlays(plays)) {
                return Optional.empty();
            }
            return Optional.of(playbook(file, path, text, plays));
        } catch (BrokenFileException e) {
            return Optional.of(Playbook.broken(path, e.getMessage()));
        }
    }

    private static boolean looksLikePlays(List<?> plays) {
        return plays.stream()
                .anyMatch(p -> p instanceof Map<?, ?> m && (m.containsKey("hosts") || imported(m) != null));
    }

    private static String imported(Map<?, ?> play) {
        Object name = play.get("import_playbook");
        name = name == null ? play.get("ansible.builtin.import_playbook") : name;
        return name instanceof String text ? text : null;
    }

    private Playbook playbook(Path file, String path, String text, List<?> roots) throws BrokenFileException {
        Metadata metadata = Metadata.of(text);
        Sources sources = Sources.of(files, rolesPath, file);
        List<Map<?, ?>> plays = new ArrayList<>();
        collectPlays(sources, file, roots, plays, 0);

        Set<String> names = new LinkedHashSet<>();
        Set<String> hosts = new LinkedHashSet<>();
        Set<String> tags = new LinkedHashSet<>();
        for (Map<?, ?> play : plays) {
            if (play.get("name") instanceof String name) {
                names.add(name.strip());
            }
            hosts.addAll(strings(play.get("hosts")));
            tags.addAll(strings(play.get("tags")));
        }
        String name = names.isEmpty() ? title(path) : names.iterator().next();
        String description = metadata.text("description");
        if (description == null && names.size() > 1) {
            description = String.join("; ", names);
        }
        return new Playbook(
                null,
                path,
                name,
                description,
                String.join(",", hosts),
                List.copyOf(tags),
                service(metadata, path),
                metadata.risk(),
                metadata.text("undo"),
                metadata.flag("check"),
                metadata.seconds("estimate"),
                metadata.resources(),
                variables(file, sources, plays, metadata, text),
                metadata.phrases("examples"),
                sources.digest(),
                null,
                null);
    }

    private void collectPlays(Sources sources, Path file, List<?> roots, List<Map<?, ?>> plays, int depth)
            throws BrokenFileException {
        if (depth > 10) {
            throw new BrokenFileException("playbooks import each other in a circle");
        }
        int number = 0;
        for (Object root : roots) {
            number++;
            if (!(root instanceof Map<?, ?> play)) {
                throw new BrokenFileException("play " + number + " of " + files.name(file) + " is not a mapping");
            }
            String imported = imported(play);
            if (imported != null) {
                if (files.leadsOut(file.getParent(), imported)) {
                    throw new BrokenFileException("it imports " + imported + ", outside the repository");
                }
                Path other = files.resolve(file.getParent(), imported)
                        .orElseThrow(() -> new BrokenFileException("it imports " + imported + ", which is not there"));
                if (sources.yaml(other) instanceof List<?> more) {
                    collectPlays(sources, other, more, plays, depth + 1);
                }
            } else if (strings(play.get("hosts")).isEmpty()) {
                throw new BrokenFileException("play " + number + " of " + files.name(file) + " names no hosts");
            } else {
                plays.add(play);
            }
        }
    }

    private List<Playbook.Variable> variables(
            Path playbook, Sources sources, List<Map<?, ?>> plays, Metadata metadata, String text)
            throws BrokenFileException {
        Map<String, Object> defaults = new LinkedHashMap<>();
        Map<String, String> descriptions = new LinkedHashMap<>();
        Set<Path> listed = new LinkedHashSet<>();
        Set<String> internal = new LinkedHashSet<>();
        Set<String> required = new LinkedHashSet<>(metadata.names("required"));
        Set<String> secret = new LinkedHashSet<>(metadata.names("secret"));

        // Lowest precedence first, so that a play's value hides a role's default of the same name.
        for (Path role : sources.roles()) {
            for (Path file : files.below(role.resolve("defaults"))) {
                if (Sources.isYaml(file)) {
                    putAll(defaults, sources.yaml(file));
                    descriptions.putAll(comments(file));
                }
            }
            for (Path file : files.below(role.resolve("vars"))) {
                if (Sources.isYaml(file) && sources.yaml(file) instanceof Map<?, ?> map) {
                    map.keySet().forEach(k -> internal.add(k.toString()));
                }
            }
        }
        for (Map<?, ?> play : plays) {
            prompted(play, defaults, descriptions, required, secret);
            putAll(defaults, play.get("vars"));
            for (String name : strings(play.get("vars_files"))) {
                Path file = files.resolve(playbook.getParent(), name).orElse(null);
                if (file != null) {
                    listed.add(file);
                    putAll(defaults, sources.yaml(file));
                    descriptions.putAll(comments(file));
                }
            }
        }
        for (Path file : sources.texts()) {
            if (!listed.contains(file)
                    && files.name(file).matches("(.*/)?(vars|group_vars|host_vars)/.+")
                    && sources.yaml(file) instanceof Map<?, ?> map) {
                map.keySet().forEach(k -> internal.add(k.toString()));
            }
        }
        descriptions.putAll(YamlReader.comments(text));
        internal.forEach(name -> defaults.remove(name));

        Set<String> defined = new LinkedHashSet<>(defaults.keySet());
        defined.addAll(internal);
        required.addAll(undefined(sources, defined));
        required.removeAll(defaults.keySet());

        List<Playbook.Variable> variables = new ArrayList<>();
        for (String name : required) {
            variables.add(new Playbook.Variable(
                    name, null, true, descriptions.get(name), "string", isSecret(name, null, secret)));
        }
        defaults.forEach((name, value) -> {
            if (!name.startsWith("_")) {
                boolean hidden = isSecret(name, value, secret);
                variables.add(new Playbook.Variable(
                        name, hidden ? null : value, false, descriptions.get(name), type(value), hidden));
            }
        });
        return variables;
    }

    private Set<String> undefined(Sources sources, Set<String> defined) throws BrokenFileException {
        VariableUse use = new VariableUse();
        for (Path file : sources.texts()) {
            if (Sources.isYaml(file)) {
                use.yaml(sources.yaml(file));
            } else {
                use.template(files.text(file));
            }
        }
        return use.undefined(defined);
    }

    private static void prompted(
            Map<?, ?> play,
            Map<String, Object> defaults,
            Map<String, String> descriptions,
            Set<String> required,
            Set<String> secret) {
        for (Object prompt : play.get("vars_prompt") instanceof List<?> list ? list : List.of()) {
            if (prompt instanceof Map<?, ?> map && map.get("name") instanceof String name) {
                if (map.get("default") == null) {
                    required.add(name);
                } else {
                    defaults.put(name, map.get("default"));
                }
                if (map.get("prompt") instanceof String words) {
                    descriptions.put(name, words);
                }
                if (!Boolean.FALSE.equals(map.get("private"))) {
                    secret.add(name); // Ansible's own default: what is typed is not shown
                }
            }
        }
    }

    private Map<String, String> comments(Path file) throws BrokenFileException {
        return YamlReader.comments(files.text(file));
    }

    private static void putAll(Map<String, Object> defaults, Object vars) {
        if (vars instanceof Map<?, ?> map) {
            map.forEach((key, value) -> defaults.put(key.toString(), value));
        } else if (vars instanceof List<?> list) {
            list.forEach(item -> putAll(defaults, item));
        }
    }

    private static boolean isSecret(String name, Object value, Set<String> declared) {
        return declared.contains(name)
                || YamlReader.VAULTED.equals(value)
                || SECRET_NAME.matcher(name).matches();
    }

    private static String type(Object value) {
        return switch (value) {
            case Number ignored -> "number";
            case Boolean ignored -> "boolean";
            case List<?> ignored -> "list";
            case Map<?, ?> ignored -> "object";
            case null, default -> "string";
        };
    }

    private static List<String> strings(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).filter(s -> !s.isBlank()).toList();
        }
        return value == null || value.toString().isBlank()
                ? List.of()
                : List.of(value.toString().strip());
    }

    /** What the metadata says, else the folder the playbook is in. */
    private static String service(Metadata metadata, String path) {
        String said = metadata.text("service");
        if (said != null) {
            return said;
        }
        int slash = path.indexOf('/');
        String folder = slash < 0 ? "" : path.substring(0, slash);
        return folder.isEmpty() || folder.equals("playbooks") ? null : folder;
    }

    /** {@code uptime-kuma/deploy.yml} is "uptime kuma deploy". */
    private static String title(String path) {
        return path.replaceAll("\\.ya?ml$", "").replaceAll("[/_-]+", " ").strip();
    }
}
