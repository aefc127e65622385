package io.skein.platform.readiness;

import io.skein.contracts.readiness.UnsafeSetting;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The two services that use Redis set it up alike; the others have no such setting and nothing to say. */
@ApplicationScoped
class RedisCheck implements ReadinessCheck {

    @Inject
    Config config;

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (String url : config.getOptionalValue("quarkus.redis.hosts", String.class)
                .orElse("")
                .split(",", -1)) {
            if (!url.isBlank()) {
                findings.addAll(findings(url.strip(), config.getOptionalValue("quarkus.redis.password", String.class)));
            }
        }
        return findings;
    }

    static List<Finding> findings(String url, Optional<String> separatePassword) {
        List<Finding> findings = new ArrayList<>();
        if (url.startsWith("unix:")) {
            return findings;
        }
        Optional<String> host = Hosts.away(url);
        if (host.isPresent()) {
            if (!url.startsWith("rediss:")) {
                findings.add(new Finding(UnsafeSetting.REDIS_PLAIN, "SKEIN_REDIS_URL leads to " + host.get()));
            }
            Optional<String> password = separatePassword.or(() -> Secrets.passwordOf(userInfo(url)));
            if (password.isEmpty() || Secrets.isWellKnown(password.get())) {
                findings.add(new Finding(UnsafeSetting.REDIS_PASSWORD, "SKEIN_REDIS_URL leads to " + host.get()));
            }
        }
        return findings;
    }

    private static String userInfo(String url) {
        try {
            return URI.create(url).getUserInfo();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
