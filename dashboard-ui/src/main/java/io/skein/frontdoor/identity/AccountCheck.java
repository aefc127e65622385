package io.skein.frontdoor.identity;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who may make an account, and how well passwords and sign-ins are kept. */
@ApplicationScoped
class AccountCheck implements ReadinessCheck {

    private static final int LEAST_COST = 10;

    @Inject
    IdentityConfig config;

    @ConfigProperty(name = "quarkus.http.host")
    String host;

    @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
    boolean behindProxy;

    @Override
    public List<Finding> findings() {
        // Whoever listens on loopback behind a proxy is reached from everywhere.
        return findings(
                config.registration() == IdentityConfig.Registration.OPEN,
                config.bcryptCost(),
                config.secureCookies(),
                Hosts.isLoopback(host) && !behindProxy);
    }

    static List<Finding> findings(
            boolean openRegistration, int bcryptCost, IdentityConfig.SecureCookies cookies, boolean onlyThisMachine) {
        List<Finding> findings = new ArrayList<>();
        if (openRegistration && !onlyThisMachine) {
            findings.add(new Finding(UnsafeSetting.OPEN_REGISTRATION, "SKEIN_FRONTDOOR_REGISTRATION is open"));
        }
        if (bcryptCost < LEAST_COST) {
            findings.add(new Finding(UnsafeSetting.BCRYPT_COST, "SKEIN_FRONTDOOR_BCRYPT_COST is " + bcryptCost));
        }
        if (cookies == IdentityConfig.SecureCookies.NEVER && !onlyThisMachine) {
            findings.add(new Finding(UnsafeSetting.COOKIES_NEVER_SECURE, "SKEIN_FRONTDOOR_SECURE_COOKIES is never"));
        }
        return findings;
    }
}
