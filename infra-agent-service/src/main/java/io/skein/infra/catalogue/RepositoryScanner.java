package io.skein.infra.catalogue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Finds the playbooks of a repository: YAML files anywhere but in the folders where Ansible keeps other things. */
final class RepositoryScanner {

    private static final Set<String> OTHER_THINGS = Set.of(
            "roles",
            "inventories",
            "inventory",
            "group_vars",
            "host_vars",
            "vars",
            "defaults",
            "tasks",
            "handlers",
            "templates",
            "files",
            "meta",
            "library",
            "tests");

    private final RepositoryFiles files;
    private final PlaybookParser parser;

    RepositoryScanner(RepositoryFiles files, List<Path> rolesPath) {
        this.files = files;
        this.parser = new PlaybookParser(files, rolesPath);
    }

    List<Playbook> scan() {
        return files.below(files.root()).stream()
                .filter(this::mayBePlaybook)
                .flatMap(file -> parser.parse(file).stream())
                .toList();
    }

    private boolean mayBePlaybook(Path file) {
        if (!Sources.isYaml(file) || file.getFileName().toString().startsWith(".")) {
            return false;
        }
        for (Path folder : files.root().relativize(file.getParent())) {
            if (OTHER_THINGS.contains(folder.toString())) {
                return false;
            }
        }
        return true;
    }
}
