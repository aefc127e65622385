package io.skein.local.infrastructure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions the build put into this jar. */
final class Versions {
    private static final Properties VALUES = new Properties();

    static {
        try (InputStream in = Unpacking.resource("local-fleet.properties")) {
            VALUES.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Versions() {}

    static String get(String key) {
        return VALUES.getProperty(key);
    }
}
