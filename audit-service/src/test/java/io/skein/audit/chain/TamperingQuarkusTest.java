package io.skein.audit.chain;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.skein.audit.ingest.AuditInfrastructure;
import io.skein.contracts.Ids;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AUD-04 against the real database: somebody with SQL in hand. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(AuditInfrastructure.class)
class TamperingQuarkusTest {

    @Inject
    Jdbi jdbi;

    private long first;

    /** Ten entries, the ninth with a record, so that a commit witnesses the chain up to it or later. */
    @BeforeEach
    void write() throws Exception {
        first = head() + 1;
        UUID task = Ids.next();
        try (TestBroker broker = new TestBroker()) {
            for (int i = 0; i < 10; i++) {
                broker.send(TestBroker.event(i == 8 ? "step.completed" : "step.dispatched")
                        .subject(task)
                        .actor("ada")
                        .owner("ada")
                        .data(i == 8 ? Map.of("record", Map.of("n", i)) : Map.of("n", i))
                        .build());
            }
        }
        // The eleventh says that the record is in git.
        await().atMost(20, SECONDS).until(() -> head() == first + 10);
        jdbi.useHandle(h -> h.execute("CREATE TABLE saved_entry AS TABLE entry"));
        jdbi.useHandle(h -> h.execute("CREATE TABLE saved_chain AS TABLE chain"));
        assertEquals("true", verify().getString("valid"));
    }

    @AfterEach
    void restore() {
        jdbi.useTransaction(h -> {
            h.execute("DELETE FROM entry");
            h.execute("INSERT INTO entry SELECT * FROM saved_entry");
            h.execute("DELETE FROM chain");
            h.execute("INSERT INTO chain SELECT * FROM saved_chain");
            h.execute("DROP TABLE saved_entry");
            h.execute("DROP TABLE saved_chain");
        });
        assertEquals("true", verify().getString("valid"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actor = 'mallory'",
                "at = at - interval '1 microsecond'",
                "recorded_at = recorded_at + interval '1 day'",
                "type = 'thing.hidden'",
                "status = 'fine'",
                "subject = NULL",
                "team = 'green'",
                "owner = NULL",
                "owner = 'mallory'",
                "trace_id = 'x'",
                "plan_id = gen_random_uuid()",
                "task_id = gen_random_uuid()",
                "source = '/other'",
                "id = gen_random_uuid()",
                "resources = '[]'",
                "usage = '{}'",
                "data = jsonb_set(data, '{n}', '99')",
                "data = '{}'",
                "hash = repeat('a', 64)"
            })
    void anyChangedColumnIsFound(String change) {
        jdbi.useHandle(h -> h.execute("UPDATE entry SET " + change + " WHERE seq = " + (first + 4)));
        expect(first + 4, "changed");
    }

    @Test
    void aChangedLinkIsFound() {
        jdbi.useHandle(h -> h.execute("UPDATE entry SET previous_hash = repeat('a', 64) WHERE seq = ?", first + 4));
        expect(first + 4, "changed");
    }

    @Test
    void aRemovedEntryIsFound() {
        jdbi.useHandle(h -> h.execute("DELETE FROM entry WHERE seq = ?", first + 4));
        expect(first + 4, "removed");
    }

    @Test
    void aRemovedEntryIsFoundAlsoWhenTheGapIsClosed() {
        jdbi.useHandle(h -> h.execute("DELETE FROM entry WHERE seq = ?", first + 4));
        for (long seq = first + 5; seq <= first + 10; seq++) {
            long place = seq;
            jdbi.useHandle(h -> h.execute("UPDATE entry SET seq = seq - 1 WHERE seq = ?", place));
        }
        expect(first + 4, "removed");
    }

    @Test
    void exchangedEntriesAreFound() {
        jdbi.useHandle(h -> {
            h.execute("UPDATE entry SET seq = -1 WHERE seq = ?", first + 4);
            h.execute("UPDATE entry SET seq = ? WHERE seq = ?", first + 4, first + 5);
            h.execute("UPDATE entry SET seq = ? WHERE seq = -1", first + 5);
        });
        expect(first + 4, "reordered");
    }

    @Test
    void aCutEndIsFoundByTheHead() {
        jdbi.useHandle(h -> h.execute("DELETE FROM entry WHERE seq > ?", first + 6));
        expect(first + 7, "truncated");
    }

    @Test
    void aCutEndIsFoundByGitWhenTheHeadWasSetBack() {
        jdbi.useHandle(h -> {
            h.execute("DELETE FROM entry WHERE seq > ?", first + 6);
            h.execute("UPDATE chain SET seq = ?, hash = (SELECT hash FROM entry WHERE seq = ?)", first + 6, first + 6);
        });
        expect(first + 7, "truncated");
    }

    /** Everybody may know that the evidence was changed, and where; what stands there is for those who may see it. */
    @Test
    void theVerdictNamesNobodyElsesEvent() {
        jdbi.useHandle(h -> h.execute("UPDATE entry SET actor = 'mallory' WHERE seq = ?", first + 4));
        for (String other : List.of(
                TestTokens.user("bob", "viewer", "operator"),
                TestTokens.userOfTeam("ada", "green", "viewer", "operator", "approver", "admin"))) {
            JsonPath verdict = verify(other);
            assertEquals(first + 4, verdict.getLong("firstBad.seq"));
            assertNull(verdict.get("firstBad.id"), verdict::prettify);
        }
        assertNotNull(verify(TestTokens.user("root", "viewer", "approver")).get("firstBad.id"));
        assertNotNull(verify(TestTokens.service("orchestrator-service")).get("firstBad.id"));
        assertNotNull(verify().get("firstBad.id"));
    }

    private void expect(long seq, String problem) {
        JsonPath verdict = verify();
        assertEquals("false", verdict.getString("valid"));
        assertEquals(problem + " " + seq, verdict.get("firstBad.problem") + " " + verdict.get("firstBad.seq"));
    }

    private static JsonPath verify() {
        return verify(TestTokens.user("ada", "viewer"));
    }

    private static JsonPath verify(String token) {
        return given().auth()
                .oauth2(token)
                .get("/api/v1/audit/verify")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private long head() {
        return jdbi.withHandle(h -> h.createQuery("SELECT seq FROM chain WHERE partition = 'main'")
                .mapTo(Long.class)
                .one());
    }
}
