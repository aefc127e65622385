package io.skein.infra.inventory;

import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.catalogue.ContentFiles;
import io.skein.infra.catalogue.Digest;
import io.skein.infra.catalogue.YamlReader;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Finds inventories ({@code inventories/<name>/hosts.yml} and friends, {@code inventory*}, {@code hosts} at the root) and
 * remembers what ansible-inventory said about each for as long as its files do not change. Programs are never run as
 * inventories.
 */
@ApplicationScoped
public class Inventories {

    private static final Logger LOG = Logger.getLogger(Inventories.class);
    private static final Set<String> FILES = Set.of(
            "hosts",
            "hosts.yml",
            "hosts.yaml",
            "hosts.ini",
            "inventory",
            "inventory.yml",
            "inventory.yaml",
            "inventory.ini");
    private static final int MAX_VARIABLE_FILES = 5000;
    private static final int MAX_DEPTH = 20;
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|passphrase|secret|token|api_?key|private_?key|_pass|credential).*");

    @Inject
    AnsibleRuntime ansible;

    @Inject
    InventoryReader reader;

    @Inject
    ContentFiles kept;

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

    /** The digest of each file the inventory consists of, by its name in the repository; empty when they cannot be read. */
    public SortedMap<String, String> contents(String path) {
        Path file = find().get(path);
        try {
            return file == null ? Collections.emptySortedMap() : named(Digest.each(parts(file)), path);
        } catch (IOException e) {
            return Collections.emptySortedMap();
        }
    }

    /** Values in its files that nobody may see, after the names they have. */
    public Set<String> secretValues(String path) {
        Path file = find().get(path);
        Set<String> values = new LinkedHashSet<>();
        try {
            for (Path part : file == null ? List.<Path>of() : parts(file).values()) {
                values.addAll(YamlReader.textsUnder(SECRET, Files.readString(part)));
            }
        } catch (IOException e) {
            LOG.debugf("%s cannot be read: %s", path, e.getMessage());
        }
        return values;
    }

    /** Parts have names beside the inventory; people look for them in the repository. */
    private static SortedMap<String, String> named(SortedMap<String, String> parts, String path) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        SortedMap<String, String> named = new TreeMap<>();
        parts.forEach((name, digest) -> named.put(name.equals(InventoryReader.FILE) ? path : folder + name, digest));
        return named;
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
        String digest;
        SortedMap<String, Path> parts;
        SortedMap<String, String> contents;
        try {
            parts = parts(file);
            contents = Digest.each(parts);
            digest = Digest.ofEach(contents);
        } catch (IOException e) {
            return new Inventory(name(path), path, List.of(), List.of(), List.of(), null, e.getMessage());
        }
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
                now = reader.read(name(path), path, parts, digest);
                if (now.broken() == null) {
                    store(now);
                }
            }
            SortedMap<String, String> files = named(contents, path);
            jdbi.useHandle(handle -> kept.keep(handle, digest, files));
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

    /** The inventory itself under {@link InventoryReader#FILE}, and the variable files Ansible reads with it. */
    private static SortedMap<String, Path> parts(Path file) throws IOException {
        SortedMap<String, Path> parts = new TreeMap<>();
        parts.put(InventoryReader.FILE, file);
        for (String folder : List.of("group_vars", "host_vars")) {
            for (Path variables : files(file.resolveSibling(folder))) {
                parts.put(file.getParent().relativize(variables).toString().replace('\\', '/'), variables);
            }
        }
        return parts;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        // What is left out here would be left out of what is approved: better no inventory than half of one.
        if (Files.isSymbolicLink(folder)) {
            throw new IOException("the folder " + folder.getFileName() + " is a link; put the files there themselves");
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH)) {
            for (Path file : (Iterable<Path>) walk::iterator) {
                if (Files.isDirectory(file) && Files.isSymbolicLink(file)) {
                    throw new IOException(
                            "the folder " + file.getFileName() + " is a link; put the files there themselves");
                }
                if (Files.isRegularFile(file)) {
                    files.add(file);
                } else if (folder.relativize(file).getNameCount() >= MAX_DEPTH) {
                    throw new IOException(folder.getFileName() + " has too many folders in each other");
                }
                if (files.size() > MAX_VARIABLE_FILES) {
                    throw new IOException(folder.getFileName() + " has more than " + MAX_VARIABLE_FILES + " files");
                }
            }
        }
        files.sort(null);
        return files;
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
