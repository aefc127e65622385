package io.skein.local.infrastructure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.local.FleetException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {
    @TempDir
    Path folder;

    @Test
    void whatAnInterruptedCallLeftIsThrownAway() throws IOException {
        Path target = folder.resolve("program");
        Files.createDirectories(folder.resolve("program.half/old"));
        AtomicInteger calls = new AtomicInteger();
        Unpacking.Filler filler = half -> {
            calls.incrementAndGet();
            assertFalse(Files.exists(half.resolve("old")));
            Files.writeString(half.resolve("file"), "x");
        };
        Unpacking.once(target, filler);
        Unpacking.once(target, filler);
        assertEquals(1, calls.get());
        assertTrue(Files.exists(target.resolve("file")));
    }

    @Test
    void aFailureLeavesNothingThatLooksWhole() {
        Path target = folder.resolve("program");
        assertThrows(
                FleetException.class,
                () -> Unpacking.once(target, half -> {
                    throw new IOException("disk full");
                }));
        assertFalse(Files.exists(target));
    }

    @Test
    void anArchiveCannotWriteOutsideItsFolder() throws IOException {
        byte[] archive = archive("../evil", 0644);
        Path target = Files.createDirectory(folder.resolve("in"));
        assertThrows(IOException.class, () -> Unpacking.tarXz(new ByteArrayInputStream(archive), target));
        assertFalse(Files.exists(folder.resolve("evil")));
    }

    @Test
    void programsStayExecutable() throws IOException {
        Unpacking.tarXz(new ByteArrayInputStream(archive("bin/run", 0755)), folder);
        assertTrue(Files.isExecutable(folder.resolve("bin/run")));
    }

    private static byte[] archive(String name, int mode) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZCompressorOutputStream(bytes))) {
            byte[] content = "x".getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length);
            entry.setMode(mode);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
