package io.skein.local.infrastructure;

import io.skein.local.process.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How to run PostgreSQL when we are root, which it refuses. In a user namespace without a mapping the process and its files
 * are nobody's, while on disk they stay ours; where namespaces are forbidden it really runs as nobody and owns its data.
 */
final class UnprivilegedUser {
    private static final String NOBODY = "65534";

    private final List<String> prefix;
    private final boolean ownsFiles;

    private UnprivilegedUser(List<String> prefix, boolean ownsFiles) {
        this.prefix = prefix;
        this.ownsFiles = ownsFiles;
    }

    static UnprivilegedUser forThisMachine() {
        if (!System.getProperty("user.name").equals("root")) {
            return new UnprivilegedUser(List.of(), false);
        }
        if (Shell.run(List.of("unshare", "-U", "true"), Map.of(), Duration.ofSeconds(5))
                .ok()) {
            return new UnprivilegedUser(List.of("unshare", "-U"), false);
        }
        return new UnprivilegedUser(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), true);
    }

    /** Put before the command. */
    List<String> prefix() {
        return prefix;
    }

    /** Hands a folder to the user the server will run as, where that is another one. */
    void give(Path folder) {
        if (ownsFiles) {
            Shell.run(
                    List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()), Map.of(), Duration.ofSeconds(60));
        }
    }
}
