package io.skein.infra.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The repository's files, and nothing else: a path or a link that leads out of the repository does not exist here. */
public final class RepositoryFiles {

    private static final long MAX_TEXT = 1_000_000;
    private static final int MAX_FILES = 20_000;
    private static final int MAX_DEPTH = 12;
    private static final Set<String> SKIPPED_FOLDERS = Set.of("node_modules", "collections", "venv", "molecule");

    private final Path root;

    /**
     * @param root an existing folder, or one that does not exist (yet)
     */
    public RepositoryFiles(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    /**
     * The file a path inside the repository names, if there is one. Links are followed only while they stay inside.
     *
     * @param path relative, as people and messages write it
     */
    public Optional<Path> file(String path) {
        return resolve(root, path).filter(Files::isRegularFile);
    }

    /** Same, relative to a folder of the repository; files and folders. */
    Optional<Path> resolve(Path folder, String path) {
        try {
            if (path == null
                    || path.isBlank()
                    || path.indexOf('\0') >= 0
                    || Path.of(path).isAbsolute()) {
                return Optional.empty();
            }
            Path candidate = folder.resolve(path).normalize();
            return candidate.startsWith(root) && Files.exists(candidate) && isInside(candidate)
                    ? Optional.of(candidate)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    boolean isInside(Path candidate) {
        try {
            return candidate.toRealPath().startsWith(root.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** True when the reference climbs out of the repository, whether or not something is there. */
    boolean leadsOut(Path folder, String path) {
        try {
            Path candidate = folder.resolve(path).normalize();
            return !candidate.startsWith(root) || (Files.exists(candidate) && !isInside(candidate));
        } catch (InvalidPathException e) {
            return true;
        }
    }

    /** Path inside the repository with forward slashes. */
    public String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    String text(Path file) throws BrokenFileException {
        try {
            if (Files.size(file) > MAX_TEXT) {
                throw new BrokenFileException("larger than " + MAX_TEXT + " bytes");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new BrokenFileException("not UTF-8 text");
        } catch (IOException e) {
            throw new BrokenFileException("not readable: " + e.getMessage());
        }
    }

    /** Every file below the folder, hidden folders left out, in a stable order. */
    List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        walk(folder, (file, attributes) -> {
            if (attributes.isRegularFile() || (isInside(file) && Files.isRegularFile(file))) {
                found.add(file);
            }
        });
        found.sort(null);
        return found;
    }

    /**
     * Every file below the folder, for a digest: nothing may hide behind a link.
     *
     * @throws BrokenFileException when a link leads out of the repository
     */
    List<Path> sealed(Path folder) throws BrokenFileException {
        List<Path> found = new ArrayList<>();
        List<Path> links = new ArrayList<>();
        walk(folder, (file, attributes) -> (attributes.isSymbolicLink() ? links : found).add(file));
        for (Path link : links) {
            if (!isInside(link)) {
                throw new BrokenFileException("the link " + name(link) + " leads out of the repository");
            }
            if (Files.isRegularFile(link)) {
                found.add(link);
            } else if (Files.isDirectory(link)) {
                throw new BrokenFileException(
                        "the folder " + name(link) + " is a link; put the files there themselves");
            }
        }
        found.sort(null);
        return found;
    }

    /** Changes whenever a file of the repository appears, goes away or is written. */
    String fingerprint() {
        TreeMap<String, String> stamps = new TreeMap<>();
        walk(
                root,
                (file, attributes) -> stamps.put(
                        file.toString(),
                        attributes.size() + "@" + attributes.lastModifiedTime().toInstant()));
        return Digest.ofText(stamps.toString());
    }

    private interface Found {
        void file(Path file, BasicFileAttributes attributes);
    }

    private void walk(Path folder, Found found) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int[] count = {0};
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                String name = String.valueOf(dir.getFileName());
                boolean skip = !dir.equals(folder) && (name.startsWith(".") || SKIPPED_FOLDERS.contains(name));
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                    found.file(file, attributes);
                }
                return ++count[0] > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, Set.of(), MAX_DEPTH, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException("The repository " + folder + " cannot be read", e);
        }
    }
}
