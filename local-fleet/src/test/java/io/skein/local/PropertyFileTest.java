package io.skein.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertyFileTest {
    @TempDir
    Path folder;

    @Test
    void aSecretIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        Path path = folder.resolve("sub/secrets.properties");
        String secret = new PropertyFile(path).secret("a");
        assertEquals(48, secret.length());
        assertEquals(secret, new PropertyFile(path).secret("a"));
        assertNotEquals(secret, new PropertyFile(path).secret("b"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void whatIsWrittenIsRead() {
        PropertyFile file = new PropertyFile(folder.resolve("x"));
        Map<String, String> values = Map.of("url", "jdbc:postgresql://h:1/d?a=b", "path", "C:\\x", "empty", "");
        file.write(values);
        assertEquals(values, file.all());
    }
}
