package io.skein.audit.record;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the records of finished tasks are committed. */
@ConfigMapping(prefix = "skein.audit.record")
public interface RecordConfig {

    /** The git repository's folder; created when it is missing. Environment: {@code SKEIN_AUDIT_GIT_DIR}. */
    Path gitDir();

    /**
     * What every commit is pushed to, best effort and tried again: a copy outside shows what was cut off here. {@code https://},
     * {@code ssh://}, {@code user@host:path} or an absolute path. Environment: {@code SKEIN_AUDIT_GIT_REMOTE}.
     */
    Optional<String> gitRemote();

    /** How often it is looked for records another process left pending. */
    @WithDefault("1s")
    Duration pollInterval();

    /** Up to this many waiting records get a commit each; more are committed together. */
    @WithDefault("25")
    int singleCommits();
}
