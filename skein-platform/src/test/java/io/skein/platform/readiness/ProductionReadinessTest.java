package io.skein.platform.readiness;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.readiness.UnsafeSetting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductionReadinessTest {

    private static final Finding BROKER = new Finding(UnsafeSetting.BROKER_PLAIN, "leads to broker.example");
    private static final Finding REDIS = new Finding(UnsafeSetting.REDIS_PLAIN, "leads to redis.example");

    @Test
    void everythingUnsafeIsSaidAtOnceAndStopsTheStart() {
        var verdict = ProductionReadiness.verdict(List.of(BROKER, REDIS), List.of());
        assertThrows(
                ProductionReadiness.UnsafeSettingsException.class, () -> new ProductionReadiness().enforce(verdict));
        for (Finding finding : List.of(BROKER, REDIS)) {
            assertTrue(verdict.text().contains(finding.setting().id() + ": "), verdict::text);
            assertTrue(verdict.text().contains(finding.where()), verdict::text);
            assertTrue(verdict.text().contains(finding.setting().remedy()), verdict::text);
        }
        assertTrue(verdict.text().contains("SKEIN_ACCEPT_UNSAFE=broker-plain,redis-plain"), verdict::text);
    }

    @Test
    void oneAcceptedDoesNotAcceptTheOther() {
        var verdict = ProductionReadiness.verdict(List.of(BROKER, REDIS), List.of("broker-plain"));
        assertEquals(List.of(REDIS), verdict.refused());
        assertEquals(List.of(BROKER), verdict.accepted());
        assertFalse(verdict.isSafe());
    }

    @Test
    void whatIsAcceptedStartsAndIsRemembered() {
        var readiness = new ProductionReadiness();
        readiness.checks = List.of(() -> List.of(BROKER));
        readiness.config = () -> Optional.of(List.of(" broker-plain "));
        readiness.enforce(readiness.verdict());
        assertEquals(List.of(UnsafeSetting.BROKER_PLAIN), readiness.accepted());
    }

    /** The list is one for the fleet: what another service has to accept does not stop this one. */
    @Test
    void acceptingWhatIsNotUnsafeHereIsFine() {
        var readiness = new ProductionReadiness();
        readiness.checks = List.of(List::of);
        readiness.config = () -> Optional.of(List.of("open-registration"));
        assertDoesNotThrow(() -> readiness.enforce(readiness.verdict()));
        assertEquals(List.of(), readiness.accepted());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"broker", "BROKER-PLAIN", "*", "all", "true", "broker-plain;redis-plain", "x\nFAKE log line"})
    void anUnknownIdStopsTheStartEvenWhenNothingIsUnsafe(String id) {
        var verdict = ProductionReadiness.verdict(List.of(), List.of(id));
        assertFalse(verdict.isSafe());
        assertTrue(verdict.text().contains("there is no such setting"), verdict::text);
        assertFalse(verdict.text().contains("\nFAKE"), verdict::text);
    }

    @Test
    void idsAreUniqueAndEverySettingSaysWhatToDo() {
        assertEquals(
                UnsafeSetting.values().length,
                Arrays.stream(UnsafeSetting.values())
                        .map(UnsafeSetting::id)
                        .distinct()
                        .count());
        for (UnsafeSetting setting : UnsafeSetting.values()) {
            assertTrue(setting.id().matches("[a-z]+(-[a-z]+)+"), setting.id());
            assertEquals(Optional.of(setting), UnsafeSetting.find(setting.id()));
            assertFalse(setting.what().endsWith(".") || setting.remedy().endsWith("."), setting.id());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST, true",
        "front.localhost, true",
        "127.0.0.1, true",
        "127.8.9.10, true",
        "::1, true",
        "[::1], true",
        "0.0.0.0, false",
        "::, false",
        "localhost.example, false",
        "127.0.0.1.example, false",
        "128.0.0.1, false",
        "10.0.0.1, false",
        "2130706433, false",
        "notlocalhost, false",
        "rabbitmq, false"
    })
    void onlyThisMachineIsThisMachine(String host, boolean loopback) {
        assertEquals(loopback, Hosts.isLoopback(host));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080/x, ''",
        "http://[::1]:8080, ''",
        "http://127.0.0.1@evil.example/, evil.example",
        "http://orchestrator-service:8081, orchestrator-service",
        "http://under_score:8081, an address that is not a URL",
        "http://a b, an address that is not a URL",
        "nothing, an address that is not a URL"
    })
    void theHostOfAUrlIsWhereItLeads(String url, String away) {
        assertEquals(away, Hosts.away(url).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "changeme, true",
        "Change-Me-123, true",
        "'', true",
        "short-but-random-x7, true",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, true",
        "5f9d1c7e2ab048635f9d1c7e, false",
        "kT9vLq2ZxW8rBn4JmC6yHd3F, false"
    })
    void aSecretThatCanBeGuessedIsSeen(String secret, boolean weak) {
        assertEquals(weak, Secrets.weakness(secret).isPresent());
        assertFalse(!secret.isEmpty() && Secrets.weakness(secret).orElse("").contains(secret));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://127.0.0.1:6379, ''",
        "unix:///run/redis.sock, ''",
        "redis://redis.example:6379, redis-plain redis-password",
        "redis://:kT9vLq2ZxW8rBn4J@redis.example, redis-plain",
        "rediss://redis.example, redis-password",
        "rediss://:redis@redis.example, redis-password",
        "rediss://skein:kT9vLq2ZxW8rBn4J@redis.example, ''"
    })
    void redis(String url, String ids) {
        assertEquals(ids, ids(RedisCheck.findings(url, Optional.empty())));
    }

    private static String ids(List<Finding> findings) {
        return String.join(
                " ", findings.stream().map(finding -> finding.setting().id()).toList());
    }
}
