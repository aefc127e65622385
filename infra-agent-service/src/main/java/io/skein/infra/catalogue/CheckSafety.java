package io.skein.infra.catalogue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether check mode leaves everything as it is. A task says with {@code check_mode: false} that it runs all the same; that is fine where
 * it also says {@code changed_when: false}, as one that only asks does, and nowhere else. What modules, plugins and lookups from outside
 * do in check mode is for their authors to answer for, which is why the playbook's author has to allow a preview.
 */
final class CheckSafety {

    /** Keys of what is no task but holds tasks: said there, it would be said of all of them. */
    private static final List<String> HOLDERS =
            List.of("hosts", "tasks", "block", "roles", "include_role", "import_role", "include_tasks", "import_tasks");

    private CheckSafety() {}

    static Optional<String> obstacle(RepositoryFiles files, Sources sources, Path playbook) throws BrokenFileException {
        if (!Metadata.of(files.text(playbook)).flag("check")) {
            return Optional.of("its author does not allow a preview: it has no line \"# skein:check=true\"");
        }
        for (Path file : sources.texts()) {
            if (Sources.isYaml(file)) {
                Optional<String> task = unsafe(sources.yaml(file));
                if (task.isPresent()) {
                    return Optional.of("the task \"" + task.get() + "\" in " + files.name(file)
                            + " runs in check mode, too (check_mode: false), and does not say changed_when: false");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unsafe(Object value) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(CheckSafety::unsafe)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        // Anything but a plain "true" may turn out to be false.
        boolean runs = map.containsKey("check_mode") && !Boolean.TRUE.equals(map.get("check_mode"));
        boolean asks = Boolean.FALSE.equals(map.get("changed_when"))
                && HOLDERS.stream().noneMatch(key -> map.containsKey(key) || map.containsKey("ansible.builtin." + key));
        if (runs && !asks) {
            return Optional.of(String.valueOf(map.containsKey("name") ? map.get("name") : "without a name"));
        }
        return map.values().stream()
                .map(CheckSafety::unsafe)
                .flatMap(Optional::stream)
                .findFirst();
    }
}
