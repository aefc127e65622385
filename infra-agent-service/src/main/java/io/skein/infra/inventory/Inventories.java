package io.skein.infra.inventory;

import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.catalogue.Digest;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * Finds inventories ({@code inventories/<name>/hosts.yml} and friends, {@code inventory*}, {@code hosts} at the root) and
 * remembers what ansible-inventory said about each for as long as its files do not change. Programs are never run as
 * inventories.
 */
@ApplicationScoped
public class Inventories {

    private static final Set<String> FILES = Set.of(
            "hosts",
            "hosts.yml",
            "hosts.yaml",
            "hosts.ini",
            "inventory",
            "inventory.yml",
            "inventory.yaml",
            "inventory.ini");
    private static final int MAX_VARIABLE_FILES = 500;

    @Inject
    AnsibleRuntime ansible;

    @Inject
    InventoryReader reader;

    @Inject
    Jdbi jdbi;

    private final Map<String, Inventory> known = new ConcurrentHashMap<>();

    public List<Inventory> all() {
        return find().entrySet().stream()
                .map(e -> current(e.getKey(), e.getValue()))
                .toList();
    }

    /** By path inside the repository, or by name. */
    public Optional<Inventory> get(String pathOrName) {
        return find().entrySet().stream()
                .filter(e -> e.getKey().equals(pathOrName) || name(e.getKey()).equals(pathOrName))
                .findFirst()
                .map(e -> current(e.getKey(), e.getValue()));
    }

    /** The file of an inventory this class would list; asks nobody what is in it. */
    public Optional<Path> file(String path) {
        return Optional.ofNullable(find().get(path));
    }

    private SortedMap<String, Path> find() {
        Path root = ansible.repository();
        SortedMap<String, Path> found = new TreeMap<>();
        collect(root, root, found);
        for (String folder : List.of("inventories", "inventory")) {
            Path parent = root.resolve(folder);
            if (Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                collect(root, parent, found);
                try (Stream<Path> children = Files.list(parent)) {
                    children.filter(c -> Files.isDirectory(c, LinkOption.NOFOLLOW_LINKS))
                            .forEach(child -> collect(root, child, found));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return found;
    }

    private static void collect(Path root, Path folder, Map<String, Path> found) {
        for (String name : FILES) {
            Path file = folder.resolve(name);
            boolean program = Files.isExecutable(file) && !name.contains(".");
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !program) {
                found.put(root.relativize(file).toString().replace('\\', '/'), file);
            }
        }
    }

    private Inventory current(String path, Path file) {
        String digest = digest(file);
        Inventory before = known.get(path);
        if (before != null && digest.equals(before.contentSha256())) {
            return before;
        }
        synchronized (this) {
            before = known.get(path);
            if (before != null && digest.equals(before.contentSha256())) {
                return before;
            }
            Inventory now = stored(path, digest);
            if (now == null) {
                now = reader.read(name(path), path, parts(file), digest);
                if (now.broken() == null) {
                    store(now);
                }
            }
            known.put(path, now);
            return now;
        }
    }

    private Inventory stored(String path, String digest) {
        return jdbi.withHandle(
                h -> h.createQuery("SELECT document FROM inventory WHERE path = ? AND content_sha256 = ?")
                        .bind(0, path)
                        .bind(1, digest)
                        .map((row, context) -> JsonColumn.read(row, "document", Inventory.class))
                        .findOne()
                        .orElse(null));
    }

    private void store(Inventory inventory) {
        jdbi.useHandle(h -> h.execute("""
                INSERT INTO inventory (path, content_sha256, document) VALUES (?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET content_sha256 = EXCLUDED.content_sha256, document = EXCLUDED.document
                """, inventory.path(), inventory.contentSha256(), JsonColumn.jsonb(inventory)));
    }

    private static String digest(Path file) {
        try {
            return Digest.ofFiles(parts(file));
        } catch (IOException e) {
            throw new UncheckedIOException("The inventory " + file + " cannot be read", e);
        }
    }

    /** The inventory itself under {@link InventoryReader#FILE}, and the variable files Ansible reads with it. */
    private static SortedMap<String, Path> parts(Path file) {
        SortedMap<String, Path> parts = new TreeMap<>();
        parts.put(InventoryReader.FILE, file);
        try {
            for (String folder : List.of("group_vars", "host_vars")) {
                for (Path variables : files(file.resolveSibling(folder))) {
                    parts.put(file.getParent().relativize(variables).toString(), variables);
                }
            }
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException("The inventory " + file + " cannot be read", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder, 5)) {
            List<Path> files = new ArrayList<>(
                    walk.filter(Files::isRegularFile).limit(MAX_VARIABLE_FILES).toList());
            files.sort(null);
            return files;
        }
    }

    /** {@code inventories/homelab/hosts.yml} is "homelab"; {@code hosts.yml} at the root is "default". */
    private static String name(String path) {
        String[] parts = path.split("/");
        if (parts.length == 1) {
            return "default";
        }
        String folder = parts[parts.length - 2];
        return folder.equals("inventories") || folder.equals("inventory") ? "default" : folder;
    }
}
