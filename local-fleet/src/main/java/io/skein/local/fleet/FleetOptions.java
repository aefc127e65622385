package io.skein.local.fleet;

import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.PropertyFile;
import io.skein.local.infrastructure.ExternalServers;
import io.skein.local.infrastructure.PostgresAdmin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the last {@code up} was told, kept so that {@code restart} and {@code status} mean the same fleet.
 *
 * @param playbooks folder or repository the infra agent discovers playbooks in
 * @param external servers to use instead of ours
 */
public record FleetOptions(Path playbooks, ExternalServers external) {

    /** Where they are kept for the next command. */
    public void remember(FleetHome.Profile profile) {
        Map<String, String> values = new TreeMap<>();
        values.put("playbooks", playbooks.toString());
        external.postgres().ifPresent(postgres -> {
            values.put("postgres.url", postgres.url());
            values.put("postgres.user", postgres.user());
            values.put("postgres.password", postgres.password());
        });
        external.redisUrl().ifPresent(url -> values.put("redis.url", url));
        external.rabbitUri().ifPresent(uri -> values.put("rabbitmq.uri", uri));
        file(profile).write(values);
    }

    /** Those of the last {@code up}; the defaults before the first. */
    public static FleetOptions recall(FleetHome home, FleetHome.Profile profile) {
        Map<String, String> values = file(profile).all();
        return new FleetOptions(
                Path.of(values.getOrDefault("playbooks", defaultPlaybooks(home).toString())),
                new ExternalServers(
                        Optional.ofNullable(values.get("postgres.url"))
                                .map(url -> new PostgresAdmin(
                                        url,
                                        values.getOrDefault("postgres.user", ""),
                                        values.getOrDefault("postgres.password", ""))),
                        Optional.ofNullable(values.get("redis.url")),
                        Optional.ofNullable(values.get("rabbitmq.uri"))));
    }

    /** The playbooks that ship with Skein. */
    public static Path defaultPlaybooks(FleetHome home) {
        return home.repository().resolve("examples/homelab-infra");
    }

    FleetOptions checked() {
        if (!Files.isDirectory(playbooks)) {
            throw new FleetException("There is no playbook folder " + playbooks + "; name one with --playbooks.");
        }
        return this;
    }

    private static PropertyFile file(FleetHome.Profile profile) {
        return new PropertyFile(profile.directory().resolve("up.properties"));
    }
}
