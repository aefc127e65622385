package io.skein.infra.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** SHA-256, as lower-case hex. */
public final class Digest {

    private Digest() {}

    public static String ofText(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Over names and contents, so that a renamed file changes it too. */
    public static String ofFiles(SortedMap<String, Path> files) throws IOException {
        return ofEach(each(files));
    }

    /** The digest of each file. */
    public static SortedMap<String, String> each(SortedMap<String, Path> files) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        byte[] buffer = new byte[8192];
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            MessageDigest one = sha256();
            try (InputStream in = Files.newInputStream(entry.getValue())) {
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    one.update(buffer, 0, read);
                }
            }
            digests.put(entry.getKey(), HexFormat.of().formatHex(one.digest()));
        }
        return digests;
    }

    /** What {@link #ofFiles} says about files with these digests. */
    public static String ofEach(SortedMap<String, String> digests) {
        MessageDigest all = sha256();
        digests.forEach((name, digest) -> all.update((name + "\0" + digest + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(all.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
