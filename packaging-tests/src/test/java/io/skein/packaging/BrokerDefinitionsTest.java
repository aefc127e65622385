package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.skein.contracts.topology.BrokerDefinitions;
import io.skein.contracts.topology.BrokerIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The file an operator imports into RabbitMQ says what the contracts say. */
class BrokerDefinitionsTest {

    private static final Path FILE = Repository.CHART.resolve("files/broker-definitions.json");
    private static final String AGENT = "agent~default~infra-agent-1";

    /** After a change of the contracts: {@code mvn -pl packaging-tests test -Dtest=BrokerDefinitionsTest -Dbroker.definitions=write}. */
    @Test
    void theFileIsWhatTheContractsGive() throws IOException {
        List<BrokerIdentity> users = new ArrayList<>(BrokerDefinitions.SERVICES);
        users.add(BrokerIdentity.parse(AGENT).orElseThrow());
        String wanted = BrokerDefinitions.of("skein", users).toPrettyString() + "\n";
        if ("write".equals(System.getProperty("broker.definitions"))) {
            Files.writeString(FILE, wanted);
        }
        assertEquals(wanted, Repository.read(FILE));
        assertTrue(!wanted.contains("password"), "a file for everybody's eyes");
    }

    @Test
    void everyServiceOfTheFleetHasAUser() {
        TreeSet<String> users = new TreeSet<>();
        BrokerDefinitions.SERVICES.forEach(service -> users.add(service.userName()));
        TreeSet<String> services = new TreeSet<>(Fleet.names());
        services.remove("infra-agent-service");
        assertEquals(services, users);
    }

    /** For a trial the chart makes users and addresses; the broker must know the passwords the services come with. */
    @Test
    void aTrialsUsersAreTheOnesItsServicesSignInAs() {
        Manifest secret = Rendered.CHART_TRIAL.manifests().stream()
                .filter(manifest -> manifest.id().equals("Secret/skein-generated"))
                .findFirst()
                .orElseThrow();
        JsonObject definitions =
                JsonParser.parseString(value(secret, "broker-definitions.json")).getAsJsonObject();
        Map<String, String> users = new TreeMap<>();
        definitions
                .getAsJsonArray("users")
                .forEach(user -> users.put(
                        user.getAsJsonObject().get("name").getAsString(),
                        user.getAsJsonObject().get("password").getAsString()));
        Map<String, String> signIns = new TreeMap<>();
        for (String service : Fleet.names()) {
            String[] user =
                    URI.create(value(secret, "uri-" + service)).getUserInfo().split(":", 2);
            signIns.put(user[0], user[1]);
        }
        assertEquals(signIns, users);
        assertTrue(users.containsKey(AGENT));
        assertEquals(users.size(), new TreeSet<>(users.values()).size(), "one password each");
        JsonObject shipped = JsonParser.parseString(Repository.read(FILE)).getAsJsonObject();
        for (String part : shipped.keySet()) {
            assertEquals(shipped.get(part), definitions.get(part), part);
        }
    }

    /** Planted: another right, another file. */
    @Test
    void aRightMoreWouldBeSeen() {
        assertNotEquals(
                BrokerDefinitions.of("skein", List.of(new BrokerIdentity.Agent("default", "infra-agent-1"))),
                BrokerDefinitions.of("skein", List.of(new BrokerIdentity.Agent("default", "infra-agent-2"))));
    }

    private static String value(Manifest secret, String key) {
        return new String(Base64.getDecoder().decode(secret.string("data", key)), StandardCharsets.UTF_8);
    }
}
