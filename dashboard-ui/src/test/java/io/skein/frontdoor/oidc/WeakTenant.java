package io.skein.frontdoor.oidc;

import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The planted bug: the provider with one check left out, or with none ({@code ""}). */
@Alternative
@ApplicationScoped
class WeakTenant extends ProviderTenant {

    static final String WITHOUT = "skein.test.oidc.without";

    /** Another one with every check, which nobody has connected to yet. */
    static final String NOTHING = "nothing";

    private final Map<String, OidcTenantConfig> tenants = new ConcurrentHashMap<>();

    private static String without() {
        return System.getProperty(WITHOUT, "");
    }

    @Override
    String id() {
        return "without" + without();
    }

    @Override
    Optional<OidcTenantConfig> tenant() {
        return Optional.of(tenants.computeIfAbsent(without(), this::build));
    }

    private OidcTenantConfig build(String without) {
        OidcTenantConfigBuilder strict = strict(config.issuer().orElseThrow());
        return switch (without) {
            case "", NOTHING -> strict.build();
            case "issuer" -> strict.token().issuer("any").end().build();
            // The extension always looks at it; who believes tokens that another client was given has no check either.
            case "audience" ->
                strict.token()
                        .audience(List.of(config.clientId().orElseThrow(), "another-client"))
                        .end()
                        .build();
            case "nonce" -> strict.authentication().nonceRequired(false).end().build();
            case "expiry" -> strict.token().lifespanGrace(86_400).end().build();
            case "subject" -> strict.token().subjectRequired(false).end().build();
            default -> throw new IllegalArgumentException(without);
        };
    }
}
