package io.skein.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.local.fleet.Service;
import io.skein.local.fleet.ServiceState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandsTest {

    @Test
    void mavenGetsWhateverTestDoesNotKnow() {
        CommandLine line = LocalFleet.commandLine(new LocalFleet());
        CommandLine.ParseResult parsed = line.parseArgs("test", "-pl", "lock-service", "-Dtest=LeaseTest", "--quiet");
        TestCommand command = (TestCommand) parsed.subcommand().commandSpec().userObject();
        assertEquals(List.of("-pl", "lock-service", "-Dtest=LeaseTest"), command.mavenArguments);
    }

    @Test
    void upTakesAListOfServices() {
        CommandLine line = LocalFleet.commandLine(new LocalFleet());
        UpCommand command = (UpCommand) line.parseArgs("up", "--only", "lock,registry-service", "--home", "/tmp/x")
                .subcommand()
                .commandSpec()
                .userObject();
        assertEquals(List.of("lock", "registry-service"), command.only);
    }

    @ParameterizedTest
    @CsvSource({
        "lock, LOCK",
        "lock-service, LOCK",
        "dashboard-ui, FRONTDOOR",
        "frontdoor, FRONTDOOR",
        "infra-agent, INFRA_AGENT",
        "Desktop-Agent, DESKTOP_AGENT"
    })
    void servicesAreKnownByTheirShortNamesToo(String name, Service service) {
        assertEquals(service, LocalFleet.service(name));
    }

    @Test
    void anUnknownServiceIsAUsageErrorThatNamesTheKnownOnes() {
        FleetException e =
                org.junit.jupiter.api.Assertions.assertThrows(FleetException.class, () -> LocalFleet.service("clock"));
        assertEquals(ExitCode.USAGE, e.exitCode());
        assertTrue(e.getMessage().contains("lock-service"), e.getMessage());
    }

    @Test
    void statusForScriptsHasTheFieldsOfTheSpecification() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        JsonNode json = FleetCommands.Status.json(
                "http://localhost:8080",
                List.of(
                        new ServiceState("lock-service", "http://127.0.0.1:8084", "ready", 12L, 1000L, at),
                        new ServiceState("audit-service", "http://127.0.0.1:8085", "stopped", null, null, null)),
                List.of());
        assertEquals("http://localhost:8080", json.path("url").asText());
        assertEquals("degraded", json.path("status").asText());
        assertEquals(
                "{\"name\":\"lock-service\",\"url\":\"http://127.0.0.1:8084\",\"status\":\"ready\",\"pid\":12,"
                        + "\"rssBytes\":1000,\"startedAt\":\"2026-01-01T00:00:00Z\"}",
                json.path("services").get(0).toString());
        assertTrue(json.path("services").get(1).path("pid").isNull());
        assertEquals(1000, json.path("rssBytes").asLong());
    }
}
