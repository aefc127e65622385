package io.skein.infra.catalogue;

import io.skein.contracts.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Playbooks for tests of other features. */
public final class TestPlaybooks {

    private TestPlaybooks() {}

    /** The folder examples/homelab-infra of this checkout. */
    public static Path examples() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("examples/homelab-infra"))) {
            folder = folder.getParent();
        }
        return folder.resolve("examples/homelab-infra");
    }

    /** The playbooks that ship with Skein, as discovery reads them. */
    public static List<Playbook> homelab() {
        return scan(examples());
    }

    public static List<Playbook> scan(Path root) {
        return new RepositoryScanner(new RepositoryFiles(root), List.of(root.resolve("roles")))
                .scan().stream()
                        .map(p -> p.identified(Ids.next(), Instant.EPOCH))
                        .toList();
    }

    /** A playbook that says nothing about itself but its name. */
    public static Playbook plain(String path, String name) {
        return new Playbook(
                Ids.next(),
                path,
                name,
                null,
                "all",
                null,
                null,
                "medium",
                null,
                false,
                null,
                Playbook.Resources.UNKNOWN,
                null,
                null,
                "0",
                null,
                Instant.EPOCH);
    }
}
