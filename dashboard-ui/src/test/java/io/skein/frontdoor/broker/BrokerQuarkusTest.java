package io.skein.frontdoor.broker;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.Trail;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class BrokerQuarkusTest {

    @Inject
    Jdbi jdbi;

    /** A token, and how its holder is called at the broker. */
    private record Member(String id, String token, String user, String tags) {}

    @Test
    void aNodeSignsInAsItselfAndSpeaksForItself() {
        Member node = member("node", "attic.lan");
        assertEquals("allow", ask(node, "vhost", Map.of("vhost", "skein", "ip", "127.0.0.1")));
        assertEquals("deny", ask(node, "vhost", Map.of("vhost", "/", "ip", "127.0.0.1")));
        assertEquals("allow", resource(node, "exchange", "skein.heartbeats", "write"));
        assertEquals("allow", topic(node, "skein.heartbeats", "node.attic.lan"));
        assertEquals("deny", topic(node, "skein.heartbeats", "node.atticXlan"));
        assertEquals("deny", topic(node, "skein.heartbeats", "agent.attic.lan"));
        assertEquals("deny", topic(node, "amq.topic", "node.attic.lan"));
        assertEquals("deny", resource(node, "exchange", "skein.work", "write"));
        assertEquals("deny", resource(node, "exchange", "", "write"));
        assertEquals("deny", resource(node, "exchange", "amq.default", "write"));
        assertEquals("deny", resource(node, "queue", "skein.registry.heartbeats", "read"));
        assertEquals("deny", resource(node, "queue", "mine", "configure"));
        assertEquals("deny", resource(node, "exchange", "skein.heartbeats", "nonsense"));
    }

    @Test
    void anAgentAnswersForItselfAndTakesWork() {
        Member agent = member("agent", "infra-agent-7");
        assertEquals("allow", resource(agent, "queue", "skein.infra.work.default", "read"));
        assertEquals("deny", resource(agent, "queue", "skein.infra.work.other", "read"));
        assertEquals("deny", resource(agent, "queue", "skein.infra.work.default\n", "configure"));
        assertEquals("allow", topic(agent, "skein.work", "result.infra.infra-agent-7"));
        assertEquals("deny", topic(agent, "skein.work", "result.infra.infra-agent-8"));
        assertEquals("deny", topic(agent, "skein.work", "request.infra.infra-agent-7"));
        assertEquals("deny", resource(agent, "queue", "skein.audit.events", "read"));
        assertEquals("allow", binding(agent, "cancel.infra.default"));
        assertEquals("deny", binding(agent, "cancel.#"));
        assertEquals("deny", binding(agent, "request.infra.other.#"));
        assertEquals("deny", binding(agent, "#"));
    }

    @Test
    void nobodySignsInWithWhatIsNotTheirs() {
        Member node = member("node", "mine");
        Member agent = member("agent", "mine");
        Door.create("pia", "viewer");
        String person = given().auth()
                .oauth2(Door.signIn("pia", Door.PASSWORD).extract().path("accessToken"))
                .contentType("application/json")
                .body(Map.of("name", "x", "scopes", List.of("viewer")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        for (String[] wrong : new String[][] {
            {"node~default~other", node.token()},
            {"node~other~mine", node.token()},
            {"agent~default~mine", node.token()},
            {"node~default~mine", agent.token()},
            {"node~default~mine", person},
            {"pia", person},
            {"lock-service", node.token()},
            {"skein_admin", node.token()},
            {"node~default~mine", node.token().substring(0, 20)},
            {"node~default~mine", ""},
            {"", node.token()},
            {"node~default~mine\n", node.token()}
        }) {
            assertEquals("deny", signIn(wrong[0], wrong[1]), wrong[0]);
        }
        assertEquals("deny", plain(post("user", Map.of())));
    }

    @Test
    void aTagOfAnotherOrNoneOpensNothing() {
        Member node = member("node", "honest");
        Member other = member("node", "other");
        for (String tags : List.of("", "administrator", "token-", "token-x", other.tags())) {
            Member forged = new Member(node.id(), node.token(), node.user(), tags);
            assertEquals("deny", topic(forged, "skein.heartbeats", "node.honest"), tags);
            assertEquals("deny", ask(forged, "vhost", Map.of("vhost", "skein")), tags);
        }
    }

    @Test
    void aRevokedTokenIsRefusedAtTheNextQuestionAndItsHolderIsWrittenDown() throws Exception {
        Member node = member("node", "leaver");
        assertEquals("allow", topic(node, "skein.heartbeats", "node.leaver"));
        given().auth()
                .oauth2(Door.admin())
                .delete("/api/v1/tokens/" + node.id())
                .then()
                .statusCode(204);
        assertEquals("deny", topic(node, "skein.heartbeats", "node.leaver"));
        assertEquals("deny", resource(node, "exchange", "skein.heartbeats", "write"));
        assertEquals("deny", ask(node, "vhost", Map.of("vhost", "skein")));
        assertEquals("deny", signIn(node.user(), node.token()));
        assertTrue(refusals().stream().anyMatch(event -> event.contains(node.user()) && event.contains("token_over")));

        Member elsewhere = member("node", "elsewhere");
        assertEquals("allow", topic(elsewhere, "skein.heartbeats", "node.elsewhere"));
        jdbi.useHandle(handle ->
                handle.execute("UPDATE api_tokens SET revoked_at = now() WHERE id = CAST(? AS uuid)", elsewhere.id()));
        await().atMost(4, SECONDS).until(() -> topic(elsewhere, "skein.heartbeats", "node.elsewhere")
                .equals("deny"));
    }

    @Test
    void aForgeryIsWrittenDownAndALoopOfThemIsBounded() throws Exception {
        refusals();
        Member node = member("node", "forger");
        for (int i = 0; i < 50; i++) {
            assertEquals("deny", topic(node, "skein.heartbeats", "node.victim"));
        }
        List<String> written =
                refusals().stream().filter(event -> event.contains(node.user())).toList();
        assertEquals(RefusalBudget.A_MINUTE, written.size(), written.toString());
        assertTrue(written.getFirst().contains("node.victim"), written.getFirst());
        assertTrue(written.getFirst().contains("\"team\":\"default\""), written.getFirst());
    }

    @Test
    void onlyTheBrokerIsAnswered() {
        Member node = member("node", "asked");
        Map<String, String> form = Map.of("username", node.user(), "password", node.token());
        for (String secret : List.of("x", StandIns.BROKER_SECRET + "x", StandIns.BROKER_SECRET.substring(1))) {
            given().formParams(form)
                    .post("/broker/" + secret + "/user")
                    .then()
                    .statusCode(404)
                    .body(not(containsString(secret + "/")));
        }
        given().get("/broker/" + StandIns.BROKER_SECRET + "/user").then().statusCode(405);
        given().get("/q/openapi").then().statusCode(200).body(not(containsString("/broker/")));
    }

    private static Member member(String kind, String subject) {
        ValidatableResponse created = given().auth()
                .oauth2(Door.admin())
                .contentType("application/json")
                .body(Map.of("name", subject, "kind", kind, "subject", subject))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201);
        String token = created.extract().path("token");
        String user = kind + "~default~" + subject;
        String answer = signIn(user, token);
        assertTrue(answer.startsWith("allow token-"), answer);
        return new Member(created.extract().path("id"), token, user, answer.substring(6));
    }

    private static String signIn(String user, String password) {
        return plain(post("user", Map.of("username", user, "password", password)));
    }

    private static String resource(Member member, String kind, String name, String permission) {
        return ask(
                member, "resource", Map.of("vhost", "skein", "resource", kind, "name", name, "permission", permission));
    }

    private static String topic(Member member, String exchange, String routingKey) {
        return ask(
                member,
                "topic",
                Map.of(
                        "vhost",
                        "skein",
                        "resource",
                        "topic",
                        "name",
                        exchange,
                        "permission",
                        "write",
                        "routing_key",
                        routingKey));
    }

    private static String binding(Member member, String key) {
        return ask(
                member,
                "topic",
                Map.of(
                        "vhost",
                        "skein",
                        "resource",
                        "topic",
                        "name",
                        "skein.work",
                        "permission",
                        "read",
                        "routing_key",
                        key));
    }

    private static String ask(Member member, String what, Map<String, String> form) {
        Map<String, String> all = new java.util.HashMap<>(form);
        all.put("username", member.user());
        all.put("tags", member.tags());
        return plain(post(what, all));
    }

    private static ValidatableResponse post(String what, Map<String, String> form) {
        return given().contentType("application/x-www-form-urlencoded")
                .formParams(form)
                .post("/broker/" + StandIns.BROKER_SECRET + "/" + what)
                .then();
    }

    private static String plain(ValidatableResponse response) {
        return response.statusCode(200)
                .contentType("text/plain")
                .extract()
                .body()
                .asString();
    }

    private List<String> refusals() throws Exception {
        return Trail.events(jdbi, "message.refused");
    }
}
