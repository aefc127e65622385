package io.skein.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** The people of the endpoint matrix, made for one run by the first administrator, and what each sends as a token. */
final class MatrixPeople {

    private static final Map<Who, List<String>> ROLES = Map.of(
            Who.OWNER, List.of("viewer", "operator"),
            Who.VIEWER, List.of("viewer"),
            Who.OTHER, List.of("viewer", "operator"),
            Who.APPROVER, List.of("viewer", "approver"),
            Who.ADMIN, List.of("viewer", "admin"),
            Who.STRANGER, List.of("viewer", "operator", "approver", "admin"));

    private final Fleet fleet;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Map<Who, String> tokens = new EnumMap<>(Who.class);
    private final ForgedTokens forged;

    MatrixPeople(Fleet fleet) {
        this.fleet = fleet;
        fleet.created("/api/v1/teams", Map.of("name", team()), fleet.bearer());
        ROLES.forEach((who, roles) -> {
            create(name(who), roles, who == Who.STRANGER ? team() : "default");
            tokens.put(who, signIn(name(who)));
        });
        tokens.put(Who.SERVICE, serviceToken());
        forged = new ForgedTokens(
                fleet.bearer(),
                fleet.send("GET", "/api/v1/auth/jwks", null, null).body());
    }

    /** What to send as a bearer token; null for nothing. */
    String token(Who who) {
        return who.isForged() ? forged.of(who) : tokens.get(who);
    }

    /** The stranger's team. */
    String team() {
        return "team-" + run;
    }

    String name(Who who) {
        return who.name().toLowerCase(java.util.Locale.ROOT) + "-" + run;
    }

    /** Makes somebody and returns the id. */
    String create(String name, List<String> roles, String team) {
        return fleet.created(
                        "/api/v1/users",
                        Map.of("username", name, "password", password(name), "roles", roles, "team", team),
                        fleet.bearer())
                .path("id")
                .asText();
    }

    private String password(String name) {
        return "Matrix-" + run + "-" + name;
    }

    private String signIn(String name) {
        Fleet.Answer answer =
                fleet.send("POST", "/api/v1/auth/sign-in", Map.of("username", name, "password", password(name)), null);
        if (answer.status() != 200) {
            throw new IllegalStateException(name + " cannot sign in: " + answer);
        }
        return answer.body().path("accessToken").asText();
    }

    /** A token as a service gets it, with the secret of one on this machine. */
    private String serviceToken() {
        Properties secrets = new Properties();
        try (InputStream in = Files.newInputStream(fleet.state().resolve("secrets.properties"))) {
            secrets.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Fleet.Answer answer = fleet.send(
                "POST",
                "/api/v1/auth/service-token",
                Map.of("service", "lock-service", "secret", secrets.getProperty("service.lock-service.secret")),
                null);
        JsonNode body = answer.body();
        if (answer.status() != 200) {
            throw new IllegalStateException("no service token: " + answer);
        }
        return body.path("accessToken").asText();
    }
}
