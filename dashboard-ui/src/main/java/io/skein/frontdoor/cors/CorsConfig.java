package io.skein.frontdoor.cors;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Whose pages may use the API, beside this origin's own. */
@ConfigMapping(prefix = "skein.frontdoor.cors")
public interface CorsConfig {

    /**
     * Origins separated by commas, as a browser writes them ({@code https://portal.example}); none unless said. There is no
     * {@code *}. Environment: {@code SKEIN_FRONTDOOR_CORS_ORIGINS}.
     */
    Optional<List<String>> origins();
}
