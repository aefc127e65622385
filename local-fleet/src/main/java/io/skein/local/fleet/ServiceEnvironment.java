package io.skein.local.fleet;

import io.skein.local.FleetHome;
import io.skein.local.infrastructure.Infrastructure;
import io.skein.local.process.Ports;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The environment variables of each service, the same ones an image or the chart sets. */
final class ServiceEnvironment {
    static final String DATABASE = "skein";

    private final FleetHome.Profile profile;
    private final FleetOptions options;
    private final Infrastructure infrastructure;
    private final Path ansibleBin;
    private final Ports ports;

    ServiceEnvironment(
            FleetHome.Profile profile, FleetOptions options, Infrastructure infrastructure, Path ansibleBin) {
        this.profile = profile;
        this.options = options;
        this.infrastructure = infrastructure;
        this.ansibleBin = ansibleBin;
        this.ports = new Ports(profile.ports());
    }

    Map<String, String> of(Service service) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        // A JVM started for somebody else's purpose must not change ours.
        environment.keySet().removeIf(name -> name.equals("JAVA_TOOL_OPTIONS") || name.equals("JDK_JAVA_OPTIONS"));
        environment.put("MALLOC_ARENA_MAX", "2"); // glibc's arenas per thread cost 30 MB a process otherwise
        environment.put("SKEIN_HTTP_HOST", "127.0.0.1");
        environment.put("SKEIN_HTTP_PORT", Integer.toString(ports.of(service.module())));
        environment.put("SKEIN_RABBITMQ_URI", infrastructure.rabbitUri(service.identity()));
        if (infrastructure.isBrokerShared()) {
            environment.putIfAbsent("SKEIN_MESSAGING_SENDER_CHECK", "off");
        }
        environment.put("SKEIN_SERVICE_SECRET", secret(service));
        for (Service other : Service.values()) {
            other.urlVariable().ifPresent(variable -> environment.put(variable, url(other)));
        }
        service.schema().ifPresent(schema -> {
            environment.put("SKEIN_POSTGRES_URL", infrastructure.postgresAdmin().databaseUrl(DATABASE));
            environment.put("SKEIN_POSTGRES_USER", role(schema));
            environment.put("SKEIN_POSTGRES_PASSWORD", databasePassword(schema));
        });
        environment.putAll(own(service));
        return environment;
    }

    private Map<String, String> own(Service service) {
        Path directory = profile.directory();
        return switch (service) {
            case FRONTDOOR ->
                Map.of(
                        "SKEIN_REDIS_URL", infrastructure.redisUrl(),
                        "SKEIN_FRONTDOOR_SETUP_TOKEN", setupToken(),
                        "SKEIN_FRONTDOOR_KEY_SECRET", profile.secrets().secret("frontdoor.key.secret"),
                        "SKEIN_FRONTDOOR_SERVICE_SECRETS", serviceSecrets(),
                        "SKEIN_FRONTDOOR_BROKER_SECRET", infrastructure.brokerSecret());
            case REGISTRY -> Map.of("SKEIN_REDIS_URL", infrastructure.redisUrl());
            case AUDIT ->
                Map.of("SKEIN_AUDIT_GIT_DIR", directory.resolve("audit-git").toString());
            case INFRA_AGENT ->
                Map.of(
                        "SKEIN_INFRA_AGENT_ID", "infra-agent-1",
                        "SKEIN_INFRA_AGENT_NODE", Service.hostName(),
                        "SKEIN_INFRA_AGENT_REPOSITORY", options.playbooks().toString(),
                        "SKEIN_INFRA_AGENT_WORK_DIR",
                                directory.resolve("infra-work").toString(),
                        "SKEIN_INFRA_AGENT_ANSIBLE_BIN", ansibleBin.toString());
            case DESKTOP_AGENT -> Map.of("SKEIN_DESKTOP_AGENT_NODE", Service.hostName());
            case RUNTIME -> Map.of("SKEIN_RUNTIME_KEY_SECRET", profile.secrets().secret("runtime.key.secret"));
            case ORCHESTRATOR, LOCK -> Map.of();
        };
    }

    String url(Service service) {
        String host = service == Service.FRONTDOOR ? "localhost" : "127.0.0.1";
        return "http://" + host + ":" + ports.of(service.module());
    }

    /** Redeemed once, for the first administrator. */
    String setupToken() {
        return profile.secrets().secret("frontdoor.setup.token");
    }

    static String role(String schema) {
        return "skein_" + schema;
    }

    String databasePassword(String schema) {
        return profile.secrets().secret("postgres.role." + role(schema) + ".password");
    }

    private String secret(Service service) {
        return profile.secrets().secret("service." + service.module() + ".secret");
    }

    /** {@code name=secret,name=secret}: what the front door checks service tokens against. */
    private String serviceSecrets() {
        return Arrays.stream(Service.values())
                .map(service -> service.module() + "=" + secret(service))
                .collect(Collectors.joining(","));
    }
}
