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

    /** What would be wrong: one queue for all, or the urgent always first. */
    @Test
    void oneQueueForAllOrStrictPriorityWouldBeSeen() {
        List<Boolean> last = new ArrayList<>(java.util.Collections.nCopies(FLOOD, false));
        last.add(true);
        assertTrue(!overtakes(last), "a flood before it in the same queue, or a more urgent one");
        List<Boolean> soon = new ArrayList<>(java.util.Collections.nCopies(FLOOD, false));
        soon.add(FLOOD / 10, true);
        assertTrue(overtakes(soon));
    }

    /** @param logged in the order of the log, true for the one event that came last */
    private static boolean overtakes(List<Boolean> logged) {
        return logged.size() - logged.indexOf(true) > FLOOD / 10;
    }

    /** One event published after a flood of another priority gets into the log before the flood is through. */
    private void assertOvertakes(String type, Priority flood, Priority single) throws Exception {
        SkeinEvent late = event(type, single).build();
        // Nothing is logged before all of it waits: how fast anybody is does not matter.
        jdbi.useTransaction(tx -> {
            tx.execute("LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE");
            for (int i = 0; i < FLOOD; i++) {
                publisher.hand(event(type, flood).build());
            }
            publisher.hand(late);
            publisher.confirm();
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> count(type, ">= 0") == FLOOD + 1);

        List<Boolean> logged = jdbi.withHandle(
                handle -> handle.createQuery("SELECT id = :late FROM event_log WHERE type = :type ORDER BY seq")
                        .bind("late", late.id())
                        .bind("type", type)
                        .mapTo(Boolean.class)
                        .list());
        // Routing thousands of them would hold up the tests that come next.
        jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type = ?", type));
        assertTrue(
                overtakes(logged),
                "the " + single + " event was logged " + logged.indexOf(true) + ". after a flood of " + FLOOD + " "
                        + flood);
    }

    @Test
    void oneBadMessageSpoilsNoOtherOfItsBatch() throws Exception {
        List<SkeinEvent> good = new ArrayList<>();
        try (TestBrokers other = new TestBrokers()) {
            jdbi.useTransaction(tx -> {
                tx.execute("LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE");
                for (int i = 0; i < 40; i++) {
                    good.add(event("batch.good", Priority.NORMAL).build());
                    publisher.hand(good.getLast());
                    if (i % 10 == 5) {
                        publisher.hand(good.getLast());
                        other.runtime()
                                .send(
                                        io.skein.contracts.topology.Exchange.EVENTS,
                                        "normal.batch.bad",
                                        Ids.next(),
                                        "no event".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                        // Readable, and nothing the table takes: what it fails at is the transaction.
                        other.runtime()
                                .send(event("batch.poison", Priority.NORMAL)
                                        .team(tooLongForAnIndex())
                                        .build());
                    }
                }
                publisher.confirm();
            });
        }
        await().until(() -> count("batch.good", ">= 0") == good.size());
        assertEquals(0, count("batch.poison", ">= 0"));
        get("/api/v1/events?type=batch.good&size=200").body("items", hasSize(good.size()));
    }

    private static String tooLongForAnIndex() {
        byte[] random = new byte[8000];
        new java.util.Random(1).nextBytes(random);
        return java.util.HexFormat.of().formatHex(random);
    }

    /** One connection as runtime-service, whose custom events these are. */
    private record TestBrokers(TestBroker broker) implements AutoCloseable {

        private TestBrokers() {
            this(new TestBroker());
        }

        private TestBroker.Speaker runtime() {
            return broker.as(new io.skein.contracts.topology.BrokerIdentity.Service("runtime-service"));
        }

        @Override
        public void close() {
            broker.close();
        }
    }

    @Test
    void oneEventIsReadByItsIdWithWhomItWokeAndWhenAndByNoOtherTeam() throws Exception {
        SkeinEvent event =
                event("device.offline", Priority.HIGH).subject("nas77").build();
        publisher.send(event);
        String path = "/api/v1/events/" + event.id();
        await().untilAsserted(() -> get(path).body("routedTo", contains("monitoring-manager")));
        get(path).body("subject", equalTo("nas77")).body("routedAt", org.hamcrest.Matchers.notNullValue());
        given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "admin"))
                .get(path)
                .then()
                .statusCode(404)
                .body("code", equalTo("not_found"));
        given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/api/v1/events/" + Ids.next())
                .then()
                .statusCode(404);
    }

    @Test
    void aBinaryCloudEventOnTheBrokerIsLoggedLikeAnyOther() throws Exception {
        UUID id = Ids.next();
        try (TestBrokers other = new TestBrokers()) {
            var speaker = other.runtime();
            speaker.channel()
                    .basicPublish(
                            "skein.events",
                            "low.binary.event",
                            new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                                    .messageId(id.toString())
                                    .userId("runtime-service")
                                    .contentType("application/json")
                                    .headers(Map.of(
                                            "cloudEvents_specversion", "1.0",
                                            "cloudEvents_id", id.toString(),
                                            "cloudEvents_source", "/runtime-service",
                                            "cloudEvents_type", "binary.event",
                                            "cloudEvents_time", "2026-11-21T10:00:00Z",
                                            "cloudEvents_priority", "low",
                                            "cloudEvents_team", "default"))
                                    .build(),
                            "{\"files\":7}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            speaker.confirm();
        }
        await().untilAsserted(() -> list("type=binary.event").body("items.data.files", contains(7)));
    }

    @Inject
    LogDays days;

    @Test
    void daysPastTheRetentionLeaveAsAWholeAndTheComingOnesAreThere() {
        var now = java.time.Instant.now();
        days.makeAhead(now);
        var today = now.atOffset(java.time.ZoneOffset.UTC).toLocalDate();
        assertTrue(days.days().contains(today.plusDays(3)));
        var old = now.minus(Duration.ofDays(40));
        var older = now.minus(Duration.ofDays(41));
        for (var day : List.of(old, older)) {
            days.ensure(day);
        }
        insert("aged.routed", "routed", old);
        insert("aged.pending", "pending", older);

        var dropped = days.dropBefore(now.minus(Duration.ofDays(30)));

        assertTrue(dropped.contains(old.atOffset(java.time.ZoneOffset.UTC).toLocalDate()));
        assertEquals(0, count("aged.routed", ">= 0"));
        assertTrue(days.days().contains(today));
        jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type LIKE 'aged.%'"));
        days.ensure(old);
        assertTrue(
                days.days().contains(old.atOffset(java.time.ZoneOffset.UTC).toLocalDate()), "made again when needed");
    }

    /**
     * That an index gives the order, not that the planner likes it best for the few rows there are by then: which of them it takes for a
     * day of six thousand depends on when the statistics were gathered. Without the index there is nothing but to sort.
     */
    @Test
    void listsLookIntoTheirIndexAndCountsIntoTheirDays() {
        jdbi.useTransaction(tx -> {
            for (String other : List.of("seqscan", "bitmapscan", "sort", "incremental_sort")) {
                tx.execute("SET LOCAL enable_" + other + " = off");
            }
            String list = explain(
                    tx, "SELECT * FROM event_log WHERE team = 'default' ORDER BY received_at DESC, seq DESC LIMIT 50");
            assertTrue(list.contains("Index Scan") && !list.contains("Sort"), list);
            String counted =
                    explain(tx, "SELECT count(*) FROM event_log WHERE received_at >= now() + interval '2 days'");
            assertTrue(counted.contains("Subplans Removed") || !counted.contains(todaysTable()), counted);
        });
    }

    private static String todaysTable() {
        return "event_log_"
                + java.time.LocalDate.now(java.time.ZoneOffset.UTC)
                        .format(java.time.format.DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static String explain(org.jdbi.v3.core.Handle handle, String sql) {
        return String.join(
                "\n", handle.createQuery("EXPLAIN " + sql).mapTo(String.class).list());
    }

    private void insert(String type, String routing, java.time.Instant at) {
        jdbi.useHandle(handle -> handle.execute(
                "INSERT INTO event_log (id, source, type, priority, team, time, received_at, data, routing)"
                        + " VALUES (?, '/x', ?, 'low', 'default', ?, ?, '{}', ?)",
                Ids.next(),
                type,
                at.atOffset(java.time.ZoneOffset.UTC),
                at.atOffset(java.time.ZoneOffset.UTC),
                routing));
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
        for (String query : List.of(
                "priority=urgent",
                "planId=7",
                "handled=maybe",
                "after=x",
                "size=201",
                "size=0",
                "after=-9000000000000000000-1",
                "after=9000000000000000000-1",
                "type=a%00b")) {
            given().urlEncodingEnabled(false)
                    .auth()
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

    @Test
    void anEventWithHalfACharacterIsLoggedAllTheSame() throws Exception {
        publisher.send(event("odd.half", Priority.NORMAL)
                .subject("a\uD83Db")
                .data(Map.of(
                        "cut",
                        "disk full \uD83D",
                        "low",
                        "\uDE00\uD83D\uD83D\uDE00",
                        "whole",
                        "\uD83D\uDE00",
                        "\uD83D",
                        "name",
                        "literal",
                        "\\ud83d"))
                .build());

        await().untilAsserted(() -> list("type=odd.half")
                .body("items[0].subject", equalTo("a\uFFFDb"))
                .body("items[0].data.cut", equalTo("disk full \uFFFD"))
                .body("items[0].data.low", equalTo("\uFFFD\uFFFD\uD83D\uDE00"))
                .body("items[0].data.whole", equalTo("\uD83D\uDE00"))
                .body("items[0].data.'\uFFFD'", equalTo("name"))
                .body("items[0].data.literal", equalTo("\\ud83d")));
    }

    @Test
    void anEventNestedTooDeeplyToBeShownIsADeadLetterAndTheListIsReadable() throws Exception {
        String deep = "{\"x\":".repeat(997) + "1" + "}".repeat(997);
        SkeinEvent event =
                event("odd.deep", Priority.NORMAL).data(Map.of("deep", "here")).build();
        String json = io.skein.contracts.wire.WireFormat.writeString(event).replace("\"here\"", deep);
        try (TestBrokers other = new TestBrokers()) {
            other.runtime()
                    .send(
                            io.skein.contracts.topology.Exchange.EVENTS,
                            "normal.odd.deep",
                            event.id(),
                            json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        SkeinEvent next = event("odd.deep", Priority.NORMAL).build();
        publisher.send(next);
        await().untilAsserted(() ->
                list("type=odd.deep").body("items.id", contains(next.id().toString())));
    }

    @Test
    void anEventOfATimePostgresqlDoesNotKnowIsLoggedAllTheSame() throws Exception {
        publisher.send(event("odd.time", Priority.NORMAL)
                .subject("late")
                .time(java.time.Instant.parse("+300000-01-01T00:00:00Z"))
                .build());
        publisher.send(event("odd.time", Priority.LOW)
                .subject("early")
                .time(java.time.Instant.parse("-5000-01-01T00:00:00Z"))
                .build());

        await().untilAsserted(() -> list("type=odd.time")
                .body("items.find { it.subject == 'late' }.time", equalTo("9999-12-31T23:59:59.999999Z"))
                .body("items.find { it.subject == 'early' }.time", equalTo("0001-01-01T00:00:00Z")));
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
