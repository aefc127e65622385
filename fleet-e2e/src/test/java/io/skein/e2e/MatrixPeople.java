package io.skein.e2e;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
        tokens.put(Who.SERVICE, fleet.serviceToken("lock-service"));
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
}
