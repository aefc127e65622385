package io.skein.platform.readiness;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** What the operator accepts although it is unsafe. */
@ConfigMapping(prefix = "skein.readiness")
public interface ReadinessConfig {

    /** Ids of {@code UnsafeSetting}, with commas. Environment: {@code SKEIN_ACCEPT_UNSAFE}. */
    Optional<List<String>> acceptUnsafe();
}
