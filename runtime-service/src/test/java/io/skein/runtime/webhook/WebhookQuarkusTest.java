package io.skein.runtime.webhook;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EVT-03: what is delivered becomes an event of the webhook's team, once, and nothing else does. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class WebhookQuarkusTest {

    private static final String PATH = "/api/v1/webhooks";

    @Inject
    Jdbi jdbi;

    private record Made(String id, String secret, String etag) {}

    @Test
    void aSignedDeliveryIsAnEventOfTheWebhooksTeamAndARepetitionIsNot() {
        Made made = make(
                "{\"name\":\"nas\",\"format\":\"generic\",\"type\":\"disk.smart\",\"priority\":\"high\",\"subject\":\"nas01\"}");
        String body = "{\"disk\": \"sda\",  \"grüße\": true}";
        long now = Instant.now().getEpochSecond();
        Response first = Sender.generic(made.id(), made.secret(), body, now);
        first.then().statusCode(202).body("accepted", equalTo(1)).body("duplicates", equalTo(0));
        Response again = Sender.generic(made.id(), made.secret(), body, now);
        again.then().statusCode(202).body("accepted", equalTo(0)).body("duplicates", equalTo(1));
        assertEquals(first.<Object>path("events"), again.<Object>path("events"));
        Sender.generic(made.id(), made.secret(), body, now - 1).then().body("accepted", equalTo(1));

        await().untilAsserted(() -> logged("disk.smart")
                .then()
                .body("items", hasSize(2))
                .body("items[0].team", equalTo("default"))
                .body("items[0].subject", equalTo("nas01"))
                .body("items[0].priority", equalTo("high"))
                .body("items[0].actor", equalTo("webhook:" + made.id()))
                .body("items[0].data.grüße", equalTo(true)));
        operator()
                .get(PATH + "/" + made.id())
                .then()
                .body("deliveries.accepted", equalTo(3))
                .body("deliveries.refused", equalTo(0));
    }

    @Test
    void githubsEventsKeepTheirNames() {
        Made made = make("{\"name\":\"homelab\",\"format\":\"github\"}");
        for (String event : List.of("ping", "push", "workflow_run")) {
            Sender.github(
                            made.id(),
                            made.secret(),
                            event,
                            UUID.randomUUID().toString(),
                            Sender.sample("github-" + event))
                    .then()
                    .statusCode(202)
                    .body("accepted", equalTo(1));
        }
        await().untilAsserted(() -> {
            logged("webhook.github.ping").then().body("items", hasSize(1));
            logged("webhook.github.push")
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].subject", equalTo("ada/homelab"))
                    .body("items[0].data.commits[0].message", equalTo("Größere Platte für nas01"));
            logged("webhook.github.workflow_run")
                    .then()
                    .body("items[0].data.action", equalTo("completed"))
                    .body("items[0].data.workflow_run.conclusion", equalTo("failure"));
        });
    }

    @Test
    void aGithubDeliveryCountsOnceUnderItsIdAndItsBodyOnceUnderAnyId() {
        Made made = make("{\"name\":\"once\",\"format\":\"github\"}");
        String delivery = UUID.randomUUID().toString();
        Sender.github(made.id(), made.secret(), "issues", delivery, "{\"n\":1}")
                .then()
                .body("accepted", equalTo(1));
        Sender.github(made.id(), made.secret(), "issues", delivery, "{\"n\":2}")
                .then()
                .body("accepted", equalTo(0));
        // Somebody who recorded it: the id and the event's name are not signed.
        Sender.github(made.id(), made.secret(), "delete", UUID.randomUUID().toString(), "{\"n\":1}")
                .then()
                .statusCode(202)
                .body("accepted", equalTo(0))
                .body("duplicates", equalTo(1));
        Sender.github(made.id(), made.secret(), "issues", UUID.randomUUID().toString(), "{\"n\":3}")
                .then()
                .body("accepted", equalTo(1));
    }

    @Test
    void eachAlertOfAGroupIsAnEventOnceWhileItLasts() {
        Made made = make("{\"name\":\"prometheus\",\"format\":\"alertmanager\"}");
        String group = Sender.sample("alertmanager-v4");
        Sender.alertmanager(made.id(), made.secret(), group)
                .then()
                .statusCode(202)
                .body("accepted", equalTo(2));
        // Alertmanager says it again every few hours, and in other groups.
        Sender.alertmanager(made.id(), made.secret(), group.replace("\"skein\"", "\"other\""))
                .then()
                .statusCode(202)
                .body("accepted", equalTo(0))
                .body("duplicates", equalTo(2));
        Sender.alertmanager(
                        made.id(),
                        made.secret(),
                        group.replaceFirst("\"firing\",\n      \"labels\"", "\"resolved\",\n      \"labels\""))
                .then()
                .body("accepted", equalTo(1));
        await().untilAsserted(() -> {
            logged("alert.firing")
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].priority", equalTo("critical"))
                    .body("items[0].subject", equalTo("nas01:9100"))
                    .body("items[0].data.labels.alertname", equalTo("HostDiskFull"))
                    .body("items[0].data.fingerprint", equalTo("a1b2c3d4e5f60718"))
                    .body("items[0].data.externalURL", equalTo("http://alertmanager:9093"));
            logged("alert.resolved").then().body("items", hasSize(2)).body("items[0].priority", equalTo("normal"));
        });
    }

    @Test
    void unknownOffAndWrongAreAnsweredAlikeAndChangeNothing() {
        Made made = make("{\"name\":\"alike\",\"format\":\"generic\",\"type\":\"alike.came\"}");
        Made off = make("{\"name\":\"off\",\"format\":\"generic\",\"type\":\"alike.came\",\"enabled\":false}");
        List<Response> answers = List.of(
                Sender.generic(UUID.randomUUID().toString(), made.secret(), "{}"),
                Sender.generic("no-id", made.secret(), "{}"),
                Sender.generic(off.id(), off.secret(), "{}"),
                Sender.generic(made.id(), off.secret(), "{}"),
                Sender.generic(made.id(), made.secret(), "{}", Instant.now().getEpochSecond() - 400),
                Sender.to(made.id()).body("{}").post(),
                Sender.to(made.id()).body("not json").post(),
                Sender.alertmanager(made.id(), made.secret(), "{}"),
                Sender.to(made.id())
                        .header("Authorization", "Bearer " + TestTokens.user("ada", "viewer", "operator"))
                        .body("{}")
                        .post());
        for (Response answer : answers) {
            answer.then()
                    .statusCode(401)
                    .header("WWW-Authenticate", nullValue())
                    .body("code", equalTo("unauthenticated"));
            assertEquals(
                    answers.getFirst().<String>path("detail"), answer.<String>path("detail"), "the answer tells which");
            assertEquals(
                    answers.getFirst().headers().asList().stream()
                            .map(h -> h.getName())
                            .sorted()
                            .toList(),
                    answer.headers().asList().stream()
                            .map(h -> h.getName())
                            .sorted()
                            .toList());
        }
        operator()
                .get(PATH + "/" + made.id())
                .then()
                .body("deliveries.accepted", equalTo(0))
                .body("deliveries.refused", equalTo(6));
        operator().get(PATH + "/" + off.id()).then().body("deliveries.refused", equalTo(1));
        logged("alike.came").then().body("items", hasSize(0));
    }

    @Test
    void refusalsAreToldOnceAMinute() {
        Made made = make("{\"name\":\"attacked\",\"format\":\"generic\",\"type\":\"attacked.came\"}");
        for (int i = 0; i < 5; i++) {
            Sender.generic(made.id(), "whsec_wrong", "{}").then().statusCode(401);
        }
        await().untilAsserted(() -> assertEquals(List.of(1), told(made.id())));
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE webhook_count SET told_at = told_at - interval '61 seconds' WHERE webhook_id = ?::uuid",
                made.id()));
        Sender.generic(made.id(), "whsec_wrong", "{}").then().statusCode(401);
        await().untilAsserted(() -> assertEquals(List.of(5, 1), told(made.id())));
    }

    @Test
    void theSecretIsToldOnceAndSealedInTheDatabase() {
        Made made = make("{\"name\":\"sealed\",\"format\":\"github\"}");
        assertTrue(made.secret().matches("whsec_[A-Za-z0-9_-]{43}"), made.secret());
        assertFalse(operator().get(PATH + "/" + made.id()).asString().contains("whsec_"));
        assertFalse(operator().get(PATH + "?size=200").asString().contains("whsec_"));
        byte[] stored = jdbi.withHandle(handle -> handle.createQuery("SELECT secret FROM webhook WHERE id = ?::uuid")
                .bind(0, made.id())
                .mapTo(byte[].class)
                .one());
        assertFalse(new String(stored, StandardCharsets.ISO_8859_1).contains("whsec_"));
        await().untilAsserted(() -> logged("webhook.created").then().body("items.subject", hasItem(made.id())));
        assertFalse(logged("webhook.*").asString().contains("whsec_"), "a secret in the event log");
    }

    @Test
    void aRepeatedRequestWithItsKeyMakesNoSecondWebhookAndTellsTheSameSecret() {
        String wanted = "{\"name\":\"repeated\",\"format\":\"generic\",\"type\":\"repeated.came\"}";
        Response first = withKey("hook-1", wanted);
        String id = first.then().statusCode(201).extract().path("id");
        Response again = withKey("hook-1", wanted);
        again.then().statusCode(201).body("id", equalTo(id)).body("secret", equalTo(first.<String>path("secret")));
        withKey("hook-1", wanted.replace("came", "went")).then().statusCode(409);
        operator().body("{}").post(PATH + "/" + id + "/secret").then().statusCode(200);
        withKey("hook-1", wanted).then().statusCode(201).body("id", equalTo(id)).body("secret", nullValue());
    }

    private static Response withKey(String key, String body) {
        return operator().header("Idempotency-Key", key).body(body).post(PATH);
    }

    @Test
    void aNewSecretComesInWhileTheOldOneIsStillGood() {
        Made made = make("{\"name\":\"rotated\",\"format\":\"generic\",\"type\":\"rotated.came\"}");
        Response rotated = operator().body("{\"overlapSeconds\":3600}").post(PATH + "/" + made.id() + "/secret");
        rotated.then()
                .statusCode(200)
                .body("secret", matchesPattern("whsec_.+"))
                .body("previousSecretUntil", notNullValue());
        String second = rotated.path("secret");
        Sender.generic(made.id(), made.secret(), "{\"n\":1}").then().statusCode(202);
        Sender.generic(made.id(), second, "{\"n\":2}").then().statusCode(202);

        jdbi.useHandle(handle -> handle.execute(
                "UPDATE webhook SET previous_until = now() - interval '1 second' WHERE id = ?::uuid", made.id()));
        Sender.generic(made.id(), made.secret(), "{\"n\":3}").then().statusCode(401);
        Sender.generic(made.id(), second, "{\"n\":4}").then().statusCode(202);

        String third = operator()
                .body("{\"overlapSeconds\":0}")
                .post(PATH + "/" + made.id() + "/secret")
                .path("secret");
        Sender.generic(made.id(), second, "{\"n\":5}").then().statusCode(401);
        Sender.generic(made.id(), third, "{\"n\":6}").then().statusCode(202);
        operator()
                .body("{\"overlapSeconds\":604801}")
                .post(PATH + "/" + made.id() + "/secret")
                .then()
                .statusCode(400);
    }

    @Test
    void whatIsProvenAndStillNoDeliveryIsRefusedWithItsReason() {
        Made generic = make("{\"name\":\"bad\",\"format\":\"generic\",\"type\":\"bad.came\"}");
        for (String body : List.of("", "not json", "{\"a\":1} trailing", "[".repeat(100) + "]".repeat(100))) {
            Sender.generic(generic.id(), generic.secret(), body)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("malformed_body"));
        }
        for (String body : List.of("[1]", "\"text\"", "null", "7")) {
            Sender.generic(generic.id(), generic.secret(), body).then().statusCode(400);
        }
        Sender.generic(generic.id(), generic.secret(), "{\"x\":\"" + "y".repeat(256 * 1024) + "\"}")
                .then()
                .statusCode(413)
                .body("code", equalTo("payload_too_large"));
        given().contentType("application/x-www-form-urlencoded")
                .body("payload=%7B%7D")
                .post(PATH + "/" + generic.id() + "/deliveries")
                .then()
                .statusCode(415);
        Made github = make("{\"name\":\"bad\",\"format\":\"github\"}");
        Sender.github(github.id(), github.secret(), "Not An Event", "d-1", "{}")
                .then()
                .statusCode(400);
        Sender.github(github.id(), github.secret(), "push", "d 1", "{}").then().statusCode(400);
        Made alerts = make("{\"name\":\"bad\",\"format\":\"alertmanager\"}");
        for (String body : List.of(
                "{}",
                "{\"version\":\"3\",\"alerts\":[]}",
                "{\"version\":\"4\",\"alerts\":{}}",
                "{\"version\":\"4\",\"alerts\":[{}]}",
                Sender.sample("alertmanager-v4").replace("2026-11-21T08:00:00Z", "yesterday"))) {
            Sender.alertmanager(alerts.id(), alerts.secret(), body)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation_failed"));
        }
        logged("alert.firing").then().body("items.actor", not(hasItem("webhook:" + alerts.id())));
    }

    @Test
    void aWebhookTakesSoManyAMinute() {
        Made made = make("{\"name\":\"busy\",\"format\":\"generic\",\"type\":\"busy.came\"}");
        // The count of whatever minute it is when the next one comes.
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE webhook_count SET minute = date_trunc('minute', now()), in_minute = 300 WHERE webhook_id = ?::uuid",
                made.id()));
        Response limited = Sender.generic(made.id(), made.secret(), "{\"n\":1}");
        if (limited.statusCode() == 202) {
            // The minute ended in between.
            return;
        }
        limited.then().statusCode(429).header("Retry-After", notNullValue()).body("code", equalTo("rate_limited"));
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE webhook_count SET minute = minute - interval '1 minute' WHERE webhook_id = ?::uuid",
                made.id()));
        Sender.generic(made.id(), made.secret(), "{\"n\":1}").then().statusCode(202);
    }

    @Test
    void theSameDeliveryAtOnceIsOneEvent() throws Exception {
        Made made = make("{\"name\":\"race\",\"format\":\"generic\",\"type\":\"race.came\"}");
        long now = Instant.now().getEpochSecond();
        List<Future<Response>> answers = new ArrayList<>();
        int accepted = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 24; i++) {
                answers.add(threads.submit(() -> Sender.generic(made.id(), made.secret(), "{\"race\":1}", now)));
            }
            for (Future<Response> answer : answers) {
                assertEquals(202, answer.get().statusCode());
                accepted += answer.get().<Integer>path("accepted");
            }
        }
        assertEquals(1, accepted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'format':'generic','type':'a.b'}                            | name",
                "{'name':'x','type':'a.b'}                                    | format",
                "{'name':'x','format':'generic'}                              | type",
                "{'name':'x','format':'generic','type':'plan.approved'}       | type",
                "{'name':'x','format':'generic','type':'webhook.github.push'} | type",
                "{'name':'x','format':'github','type':'a.b'}                  | type",
                "{'name':'x','format':'github','subject':'a\\nb'}             | subject"
            })
    void whatIsNoWebhookIsRefusedByField(String body, String field) {
        operator()
                .body(body.replace('\'', '"'))
                .post(PATH)
                .then()
                .statusCode(400)
                .body("violations.field", hasItem(field));
    }

    @Test
    void aWebhookIsChangedAndDeletedByItsTeamOnly() {
        String wanted = "{\"name\":\"mine\",\"format\":\"generic\",\"type\":\"mine.came\"}";
        Made made = make(wanted);
        RequestSpecification stranger = given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "operator", "approver", "admin"))
                .contentType("application/json");
        stranger.get(PATH + "/" + made.id()).then().statusCode(404);
        stranger.body(wanted).put(PATH + "/" + made.id()).then().statusCode(404);
        stranger.body("{}").post(PATH + "/" + made.id() + "/secret").then().statusCode(404);
        stranger.delete(PATH + "/" + made.id()).then().statusCode(404);
        stranger.get(PATH).then().body("items.id", not(hasItem(made.id())));

        operator()
                .header("If-Match", "\"7\"")
                .body(wanted)
                .put(PATH + "/" + made.id())
                .then()
                .statusCode(412);
        operator()
                .header("If-Match", made.etag())
                .body(wanted.replace("mine.came", "mine.changed"))
                .put(PATH + "/" + made.id())
                .then()
                .statusCode(200)
                .body("type", equalTo("mine.changed"));
        operator()
                .body("{\"name\":\"mine\",\"format\":\"github\"}")
                .put(PATH + "/" + made.id())
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("format"));
        operator().delete(PATH + "/" + made.id()).then().statusCode(204);
        Sender.generic(made.id(), made.secret(), "{}").then().statusCode(401);
    }

    private List<Integer> told(String id) {
        return logged("webhook.refused").path("items.findAll { it.subject == '" + id + "' }.data.refused");
    }

    private static Response logged(String type) {
        return operator().get("/api/v1/events?size=200&type=" + type);
    }

    private static Made make(String body) {
        Response created = operator().body(body).post(PATH);
        assertEquals(201, created.statusCode(), created.asString());
        return new Made(created.path("id"), created.path("secret"), created.header("ETag"));
    }

    private static RequestSpecification operator() {
        return given().auth()
                .oauth2(TestTokens.user("ada", "viewer", "operator"))
                .contentType("application/json");
    }
}
