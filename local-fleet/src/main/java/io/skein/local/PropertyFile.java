package io.skein.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A small file of keys and values that only its owner may read, replaced as a whole so that a crash leaves the old or the
 * new one. Lines are sorted: it is read by people and by shell scripts too.
 */
public final class PropertyFile {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;

    public PropertyFile(Path file) {
        this.file = file;
    }

    public Path path() {
        return file;
    }

    public Map<String, String> all() {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
        }
        return values;
    }

    public Optional<String> get(String key) {
        return Optional.ofNullable(all().get(key));
    }

    public void put(String key, String value) {
        Map<String, String> values = all();
        if (!value.equals(values.put(key, value))) {
            write(values);
        }
    }

    /** The secret of this name; made from 24 random bytes the first time it is asked for. */
    public String secret(String key) {
        return get(key).orElseGet(() -> {
            byte[] bytes = new byte[24];
            RANDOM.nextBytes(bytes);
            String secret = HexFormat.of().formatHex(bytes);
            put(key, secret);
            return secret;
        });
    }

    public void write(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values).forEach((key, value) -> text.append(key)
                .append('=')
                .append(value.replace("\\", "\\\\"))
                .append('\n'));
        writePrivately(file, text.toString());
    }

    /** Replaces a file with one only its owner may read. */
    public static void writePrivately(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".new");
            Files.write(next, text.getBytes(StandardCharsets.UTF_8)); // createTempFile made it 0600
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
