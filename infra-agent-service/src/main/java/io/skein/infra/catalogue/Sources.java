package io.skein.infra.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything a playbook pulls in from the repository: imported playbooks, roles with their dependencies, task and variable
 * files, templates, files and plugins beside it. Where a name is computed at run time, everything it could mean is taken: the
 * digest may cover too much, never too little.
 */
final class Sources {

    /** Folders Ansible looks into beside a playbook. */
    private static final List<String> BESIDE = List.of(
            "templates",
            "files",
            "vars",
            "tasks",
            "handlers",
            "library",
            "module_utils",
            "filter_plugins",
            "lookup_plugins",
            "test_plugins",
            "action_plugins",
            "vars_plugins",
            "group_vars",
            "host_vars");

    /** Those of them whose files count only when the playbook names them. */
    private static final List<String> NAMED_BESIDE = List.of("templates", "tasks", "handlers");

    private static final Set<String> FILE_KEYS = Set.of(
            "include_tasks", "import_tasks", "include_vars", "import_playbook", "include", "script", "unarchive");
    private static final Set<String> ROLE_KEYS = Set.of("include_role", "import_role");
    private static final Set<String> FILE_ARGUMENTS = Set.of("src", "file", "tasks_from", "vars_from", "content_from");
    private static final Pattern LOOKUP = Pattern.compile(
            "(?:lookup|query|q)\\(\\s*['\"](?:ansible\\.builtin\\.)?(?:file|template|unvault)['\"]\\s*,\\s*['\"]([^'\"]+)");
    private static final int MAX_FILES = 5000;

    private final RepositoryFiles files;
    private final List<Path> rolesPath;
    private final SortedMap<String, Path> found = new TreeMap<>();
    private final Set<Path> visited = new LinkedHashSet<>();
    private final Map<Path, Object> parsed = new LinkedHashMap<>();
    private final Set<Path> onlyBeside = new LinkedHashSet<>();
    private final Set<Path> roles = new LinkedHashSet<>();

    private Sources(RepositoryFiles files, List<Path> rolesPath) {
        this.files = files;
        this.rolesPath = rolesPath;
    }

    /**
     * @throws BrokenFileException when a part cannot be read, or leads out of the repository
     */
    static Sources of(RepositoryFiles files, List<Path> rolesPath, Path playbook) throws BrokenFileException {
        Sources sources = new Sources(files, rolesPath);
        files.resolve(files.root(), "ansible.cfg").ifPresent(sources::add);
        for (String folder : BESIDE) {
            if (folder.endsWith("plugins") || folder.equals("library") || folder.equals("module_utils")) {
                sources.addFolder(files.root().resolve(folder));
            }
        }
        sources.playbook(playbook);
        return sources;
    }

    String digest() throws BrokenFileException {
        try {
            return Digest.ofFiles(found);
        } catch (IOException e) {
            throw new BrokenFileException("changed while it was read: " + e.getMessage());
        }
    }

    /** The digest of each file. */
    SortedMap<String, String> each() throws BrokenFileException {
        try {
            return Digest.each(found);
        } catch (IOException e) {
            throw new BrokenFileException("changed while it was read: " + e.getMessage());
        }
    }

    /** Role folders, in the order they are met. */
    Set<Path> roles() {
        return roles;
    }

    Set<String> names() {
        return found.keySet();
    }

    /** The files whose text may use variables: task files and templates, not those of another playbook beside this one. */
    List<Path> texts() {
        return found.values().stream()
                .filter(f -> !onlyBeside.contains(f))
                .filter(f -> !f.toString().contains("/files/"))
                .filter(f -> f.toString().matches(".*\\.(ya?ml|j2)$"))
                .toList();
    }

    /** A YAML file of the repository, read once. */
    Object yaml(Path file) throws BrokenFileException {
        if (!parsed.containsKey(file)) {
            try {
                parsed.put(file, YamlReader.read(files.text(file)));
            } catch (BrokenFileException e) {
                throw new BrokenFileException(files.name(file) + " is " + e.getMessage());
            }
        }
        return parsed.get(file);
    }

    private void playbook(Path file) throws BrokenFileException {
        if (!visited.add(file)) {
            return;
        }
        add(file);
        Path folder = file.getParent();
        for (String beside : BESIDE) {
            addFolder(folder.resolve(beside));
        }
        for (String named : NAMED_BESIDE) {
            onlyBeside.addAll(files.sealed(folder.resolve(named)));
        }
        walk(yaml(file), folder, folder);
    }

    private void role(String name, Path playbookFolder) throws BrokenFileException {
        if (isTemplate(name)) {
            for (Path parent : rolePlaces(playbookFolder)) {
                addFolder(parent);
            }
            return;
        }
        for (Path place : rolePlaces(playbookFolder)) {
            if (files.leadsOut(place, name)) {
                if (place.startsWith(files.root()) && Files.exists(place.resolve(name))) {
                    throw new BrokenFileException("the role " + name + " is outside the repository");
                }
                continue;
            }
            Path role = place.resolve(name).normalize();
            if (Files.isDirectory(role)) {
                roleFolder(role, playbookFolder);
                return;
            }
        }
        // A role from a collection or from Galaxy: not ours to read; Ansible says so when it is missing.
    }

    private void roleFolder(Path role, Path playbookFolder) throws BrokenFileException {
        if (!visited.add(role)) {
            return;
        }
        roles.add(role);
        addFolder(role);
        for (String part : List.of("meta", "tasks", "handlers")) {
            for (Path file : files.below(role.resolve(part))) {
                if (isYaml(file)) {
                    walk(yaml(file), role.resolve(part), playbookFolder);
                }
            }
        }
    }

    private List<Path> rolePlaces(Path playbookFolder) {
        List<Path> places = new ArrayList<>();
        places.add(playbookFolder.resolve("roles"));
        places.addAll(rolesPath);
        places.add(playbookFolder);
        return places;
    }

    private void walk(Object value, Path folder, Path playbookFolder) throws BrokenFileException {
        if (value instanceof List<?> list) {
            for (Object item : list) {
                walk(item, folder, playbookFolder);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entry(entry.getKey().toString(), entry.getValue(), folder, playbookFolder);
            }
        } else if (value instanceof String text && text.contains("(")) {
            Matcher matcher = LOOKUP.matcher(text);
            while (matcher.find()) {
                reference(matcher.group(1), folder, playbookFolder, false);
            }
        }
    }

    private void entry(String name, Object value, Path folder, Path playbookFolder) throws BrokenFileException {
        String key = name.substring(name.lastIndexOf('.') + 1);
        switch (key) {
            case "roles", "dependencies" -> {
                for (Object role : value instanceof List<?> list ? list : List.of()) {
                    String roleName = roleName(role);
                    if (roleName != null) {
                        role(roleName, playbookFolder);
                    }
                }
            }
            case "vars_files" -> {
                for (Object file : flatten(value)) {
                    reference(String.valueOf(file), folder, playbookFolder, true);
                }
            }
            default -> {
                if (ROLE_KEYS.contains(key) && roleName(value) != null) {
                    role(roleName(value), playbookFolder);
                } else if (FILE_KEYS.contains(key) && value instanceof String file) {
                    reference(file.split("\\s")[0], folder, playbookFolder, true);
                } else if (FILE_ARGUMENTS.contains(key) && value instanceof String file) {
                    reference(file, folder, playbookFolder, false);
                }
            }
        }
        walk(value, folder, playbookFolder);
    }

    private static String roleName(Object role) {
        if (role instanceof String text) {
            return text;
        }
        if (role instanceof Map<?, ?> map) {
            Object name = map.get("role") == null ? map.get("name") : map.get("role");
            return name instanceof String text ? text : null;
        }
        return null;
    }

    private static List<Object> flatten(Object value) {
        List<Object> flat = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> flat.addAll(flatten(item)));
        } else if (value != null) {
            flat.add(value);
        }
        return flat;
    }

    /** A file named in a playbook or role, looked for where Ansible looks. */
    private void reference(String name, Path folder, Path playbookFolder, boolean follow) throws BrokenFileException {
        if (name.isBlank() || name.startsWith("/") || name.startsWith("~")) {
            return; // a file of the machine, not of the repository
        }
        if (isTemplate(name)) {
            String fixed = name.substring(0, name.indexOf("{{"));
            int slash = fixed.lastIndexOf('/');
            if (slash > 0) {
                addFolder(folder.resolve(fixed.substring(0, slash)).normalize());
            }
            return;
        }
        for (Path place : List.of(
                folder,
                folder.resolve("templates"),
                folder.resolve("files"),
                folder.resolve("tasks"),
                playbookFolder)) {
            if (name.contains("..") && files.leadsOut(place, name) && Files.exists(place.resolve(name))) {
                throw new BrokenFileException("it refers to " + name + ", outside the repository");
            }
            Path file = files.resolve(place, name).orElse(null);
            if (file != null && Files.isDirectory(file)) {
                addFolder(file);
                return;
            }
            if (file != null) {
                onlyBeside.remove(file);
            }
            if (file != null && visited.add(file)) {
                add(file);
                if (follow && isYaml(file)) {
                    walk(yaml(file), file.getParent(), playbookFolder);
                }
                return;
            }
        }
    }

    private void addFolder(Path folder) throws BrokenFileException {
        if (!folder.startsWith(files.root())) {
            return;
        }
        if (Files.isDirectory(folder) && !files.isInside(folder)) {
            throw new BrokenFileException("the folder " + files.name(folder) + " leads out of the repository");
        }
        for (Path file : files.sealed(folder)) {
            add(file);
        }
        if (found.size() > MAX_FILES) {
            throw new BrokenFileException("it pulls in more than " + MAX_FILES + " files");
        }
    }

    private void add(Path file) {
        found.put(files.name(file), file);
    }

    static boolean isYaml(Path file) {
        return file.toString().endsWith(".yml") || file.toString().endsWith(".yaml");
    }

    private static boolean isTemplate(String name) {
        return name.contains("{{");
    }
}
