package io.skein.runtime.log;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.Ids;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class EventLogQuarkusTest {

    private static final int FLOOD = 3000;

    @Inject
    Jdbi jdbi;

    private EventPublisher publisher;

    @BeforeEach
    void connect() throws Exception {
        publisher = new EventPublisher();
    }

    @AfterEach
    void disconnect() throws Exception {
        RegistryStandIn.comeBack();
        publisher.close();
    }

    @Test
    void anEventIsLoggedOnceHoweverOftenItComesAndRoutedToWhomItWakes() throws Exception {
        UUID plan = Ids.next();
        SkeinEvent event = event("device.offline", Priority.HIGH)
                .subject("nas01")
                .actor("service:registry-service")
                .planId(plan)
                .traceId("0af7651916cd43dd8448eb211c80319c")
                .data(Map.of("reason", "no heartbeat for 90 s"))
                .build();
        for (int i = 0; i < 3; i++) {
            publisher.send(event);
        }
        // The same id under another priority comes through another queue and another inbox.
        publisher.send(new SkeinEvent(
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                Priority.LOW,
                event.team(),
                event.actor(),
                event.traceid(),
                event.planid(),
                event.owner(),
                event.data()));

        await().untilAsserted(() -> list("planId=" + plan).body("items.handled", contains(true)));
        list("planId=" + plan)
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(event.id().toString()))
                .body("items[0].subject", equalTo("nas01"))
                .body("items[0].data.reason", equalTo("no heartbeat for 90 s"))
                .body("items[0].routing", equalTo("routed"))
                .body("items[0].routedTo", contains("monitoring-manager"))
                .body("items[0].traceId", equalTo("0af7651916cd43dd8448eb211c80319c"));
        given().get("/q/metrics").then().body(containsString("skein_runtime_events_total{outcome=\"routed\","));
    }

    /** FRONT-02: what somebody's plan did, in the list, its filters, the types and the figures. */
    @Test
    void eventsAboutAPlanAreForItsOwnerAndThoseWhoApprove() throws Exception {
        UUID plan = Ids.next();
        String type = "owned." + plan.toString().substring(24);
        publisher.send(event(type, Priority.NORMAL).planId(plan).owner("ada").build());
        publisher.send(event(type + ".free", Priority.NORMAL).planId(plan).build());

        String own = TestTokens.user("ada", "viewer");
        await().untilAsserted(() -> as(own, "/api/v1/events?planId=" + plan).body("items", hasSize(2)));
        for (String seer : List.of(
                own,
                TestTokens.user("root", "viewer", "approver"),
                TestTokens.user("root", "viewer", "admin"),
                TestTokens.service("audit-service"))) {
            as(seer, "/api/v1/events?planId=" + plan).body("items", hasSize(2));
            as(seer, "/api/v1/events?type=" + type).body("items[0].owner", equalTo("ada"));
            as(seer, "/api/v1/events/types").body("items.type", hasItem(type));
            as(seer, "/api/v1/events/stats").body("byType.type", hasItem(type));
        }
        String bob = TestTokens.user("bob", "viewer", "operator");
        as(bob, "/api/v1/events?planId=" + plan).body("items.type", contains(type + ".free"));
        String green = TestTokens.userOfTeam("ada", "green", "viewer", "operator", "approver", "admin");
        as(green, "/api/v1/events?planId=" + plan + "&team=default").body("items", hasSize(0));
        for (String other : List.of(bob, green)) {
            as(other, "/api/v1/events?type=" + type).body("items", hasSize(0));
            as(other, "/api/v1/events?type=owned.*").body("items.type", not(hasItem(type)));
            as(other, "/api/v1/events/types?team=default").body("items.type", not(hasItem(type)));
            as(other, "/api/v1/events/stats").body("byType.type", not(hasItem(type)));
        }
        int all = as(own, "/api/v1/events/stats").extract().path("total");
        int bobs = as(bob, "/api/v1/events/stats").extract().path("total");
        assertTrue(bobs < all, bobs + " of " + all);
    }

    private static ValidatableResponse as(String token, String path) {
        return given().auth().oauth2(token).get(path).then().statusCode(200);
    }

    @Test
    void filtersDecideAndWhatNobodyWantsIsListedAsUnhandled() throws Exception {
        SkeinEvent young = event("green.leaf", Priority.NORMAL)
                .subject("tree-1")
                .data(Map.of("age", 3))
                .build();
        SkeinEvent old = event("green.leaf", Priority.NORMAL)
                .subject("tree-1")
                .data(Map.of("age", 4))
                .build();
        SkeinEvent other = event("green.stone", Priority.CRITICAL).build();
        publisher.send(young);
        publisher.send(old);
        publisher.send(other);

        await().untilAsserted(() -> {
            assertEquals(List.of("botanist"), routedTo(young));
            assertEquals(List.of("gardener", "botanist"), routedTo(old));
        });
        await().untilAsserted(() -> list("handled=false&type=green.stone").body("items", hasSize(1)));
        list("handled=true&type=green.*").body("items", hasSize(2));
        list("type=green.*&priority=critical").body("items.type", contains("green.stone"));
        get("/api/v1/events/types").body("items.find { it.type == 'green.leaf' }.count", equalTo(2));
        get("/api/v1/events/stats")
                .body("byType.find { it.type == 'green.stone' }.unhandled", equalTo(1))
                .body("byPriority.critical", org.hamcrest.Matchers.greaterThanOrEqualTo(1));
    }

    @Test
    void whileTheRegistryIsAwayEventsAreLoggedAndRoutedAfterwards() throws Exception {
        RegistryStandIn.goAway();
        UUID plan = Ids.next();
        publisher.send(event("device.offline", Priority.HIGH).planId(plan).build());

        await().untilAsserted(() -> list("planId=" + plan).body("items.routing", contains("pending")));
        Thread.sleep(600); // three of the router's attempts
        list("planId=" + plan).body("items.routing", contains("pending")).body("items[0].handled", equalTo(false));

        RegistryStandIn.comeBack();

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> list("planId=" + plan)
                .body("items.routedTo", contains(List.of("monitoring-manager"))));
    }

    @Test
    void aFloodOfLowDelaysNoCriticalEventAndAFloodOfCriticalStarvesNoLowOne() throws Exception {
        assertOvertakes("flood.one", Priority.LOW, Priority.CRITICAL);
        assertOvertakes("flood.two", Priority.CRITICAL, Priority.LOW);
    }

    /** One event published after a flood of another priority gets into the log before the flood is through. */
    private void assertOvertakes(String type, Priority flood, Priority single) throws Exception {
        for (int i = 0; i < FLOOD; i++) {
            publisher.hand(event(type, flood).build());
        }
        SkeinEvent late = event(type, single).build();
        publisher.hand(late);
        publisher.confirm();
        await().atMost(Duration.ofSeconds(60)).until(() -> count(type, ">= 0") == FLOOD + 1);

        long after = count(type, "> (SELECT seq FROM event_log WHERE id = '" + late.id() + "')");
        assertTrue(
                after > FLOOD / 10,
                "the " + single + " event was logged " + (FLOOD - after) + ". after a flood of " + FLOOD + " " + flood);
    }

    @Test
    void listsArePagedAndOtherTeamsSeeNothing() throws Exception {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            SkeinEvent event = event("paged.event", Priority.NORMAL).build();
            sent.addFirst(event.id().toString());
            publisher.send(event);
            int expected = i + 1;
            await().until(() -> count("paged.event", ">= 0") == expected);
        }
        List<String> found = new ArrayList<>();
        String after = "";
        while (after != null) {
            var page = list("type=paged.event&size=2&after=" + after).extract().jsonPath();
            found.addAll(page.getList("items.id"));
            after = page.getString("next");
        }
        assertEquals(sent, found, "newest first, none twice, none missing");

        String stranger = TestTokens.userOfTeam("eve", "red", "viewer");
        for (String path : List.of("/api/v1/events?team=default", "/api/v1/events/types?team=default")) {
            given().auth().oauth2(stranger).get(path).then().statusCode(200).body("items", hasSize(0));
        }
        given().auth().oauth2(stranger).get("/api/v1/events/stats").then().body("total", equalTo(0));
        given().auth()
                .oauth2(TestTokens.service("audit-service"))
                .get("/api/v1/events?type=paged.event")
                .then()
                .body("items", hasSize(5));
        given().get("/api/v1/events").then().statusCode(401);
    }

    @Test
    void whatCannotBeAskedIsExplained() {
        for (String query : List.of("priority=urgent", "planId=7", "handled=maybe", "after=x", "size=201", "size=0")) {
            given().auth()
                    .oauth2(TestTokens.user("ada", "viewer"))
                    .get("/api/v1/events?" + query)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation_failed"));
        }
        given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/api/v1/events/stats?hours=0")
                .then()
                .statusCode(400);
    }

    @Test
    void anEventWithANulIsLoggedAllTheSame() throws Exception {
        publisher.send(event("odd.payload", Priority.NORMAL)
                .subject("a\0b")
                .data(Map.of("text", "x\0\0y", "literal", "\\u0000"))
                .build());

        await().untilAsserted(() -> list("type=odd.payload")
                .body("items[0].subject", equalTo("a\uFFFDb"))
                .body("items[0].data.text", equalTo("x\uFFFD\uFFFDy"))
                .body("items[0].data.literal", equalTo("\\u0000")));
    }

    private List<String> routedTo(SkeinEvent event) {
        return list("type=" + event.type())
                .extract()
                .jsonPath()
                .getList("items.find { it.id == '" + event.id() + "' }.routedTo");
    }

    private long count(String type, String seq) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM event_log WHERE type = '" + type + "' AND seq " + seq)
                .mapTo(Long.class)
                .one());
    }

    private static SkeinEvent.Builder event(String type, Priority priority) {
        return TestBroker.event(type).priority(priority);
    }

    private static ValidatableResponse list(String query) {
        return get("/api/v1/events?" + query);
    }

    private static ValidatableResponse get(String path) {
        return given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get(path)
                .then()
                .statusCode(200);
    }
}
