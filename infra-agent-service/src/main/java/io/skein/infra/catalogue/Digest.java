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

/** SHA-256, as lower-case hex. */
public final class Digest {

    private Digest() {}

    public static String ofText(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Over names and contents, so that a renamed file changes it too. */
    public static String ofFiles(SortedMap<String, Path> files) throws IOException {
        MessageDigest all = sha256();
        byte[] buffer = new byte[8192];
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            MessageDigest one = sha256();
            try (InputStream in = Files.newInputStream(entry.getValue())) {
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    one.update(buffer, 0, read);
                }
            }
            all.update((entry.getKey() + "\0" + HexFormat.of().formatHex(one.digest()) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
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
