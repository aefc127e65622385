package io.skein.frontdoor.identity;

import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

/** Whether passwords are a way in at all. */
@ApplicationScoped
class Passwords {

    @Inject
    IdentityConfig config;

    @Inject
    Instance<SignInOption> otherWays;

    void start(@Observes StartupEvent event) {
        if (!on() && otherWays.stream().allMatch(option -> option.ways().isEmpty())) {
            throw new IllegalStateException(
                    "SKEIN_FRONTDOOR_PASSWORDS is off and there is no other way to sign in: set SKEIN_OIDC_ISSUER");
        }
    }

    boolean on() {
        return config.passwords() == IdentityConfig.Switch.ON;
    }

    /**
     * @throws ProblemException passwords_off
     */
    void require() {
        if (!on()) {
            throw new ProblemException(
                    ErrorCode.PASSWORDS_OFF,
                    "Everybody signs in with the provider here; the sign-in page leads there.");
        }
    }
}
