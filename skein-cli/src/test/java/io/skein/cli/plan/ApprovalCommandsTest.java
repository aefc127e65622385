package io.skein.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.FakeFleet;
import io.skein.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads before saying yes, and what they can do afterwards, against a front door on a socket. */
@Timeout(60)
class ApprovalCommandsTest {

    private static final String PREVIEW = """
        {"planId":"p1","version":1,"planHash":"ab","steps":[
         {"number":1,"name":"Deploy","playbook":"a.yml","status":"ready","changes":1,"total":4,"truncated":true,"tasks":[
          {"task":"Write the file","host":"nas01","outcome":"changed","message":"",
           "diff":[{"before_header":"f","after_header":"f","before":"same\\nold\\nend\\n","after":"same\\nnew\\nend\\n"}]}]},
         {"number":2,"name":"Restart","playbook":"b.yml","status":"unavailable","reason":"its author does not allow a preview",
          "tasks":[]}]}\
        """;

    private static final String PLAN = """
        {"id":"p2","text":"Undo: deploy","version":1,"status":"awaiting_approval","rollbackOf":"p1",
         "notes":["What step 2 (b.yml) did stays: its playbook names no counterpart (skein:undo)."],
         "approval":{"mode":"two-person","rule":"twice","reason":"Two different people have to approve.","given":[{"by":"ada"}]},
         "steps":[{"number":1,"name":"Remove","playbook":"r.yml","status":"pending","risk":"high",
          "preview":{"status":"ready","changes":2}}]}\
        """;

    @TempDir
    Path folder;

    private FakeFleet fleet;
    private String state;

    @BeforeEach
    void open() throws IOException {
        fleet = new FakeFleet();
        state = fleet.state(folder).toString();
        fleet.on("/plans/p1/preview", exchange -> FakeFleet.json(exchange, 200, PREVIEW));
        fleet.on("/plans/p1/rollback", exchange -> FakeFleet.json(exchange, 201, PLAN));
        fleet.on(
                "/plans/p1/resume",
                exchange -> FakeFleet.json(
                        exchange,
                        409,
                        "{\"code\":\"illegal_transition\",\"status\":409,\"detail\":\"The plan is completed, so it"
                                + " cannot be resumed.\"}"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aPreviewShowsOnlyWhatDiffers() {
        Run run = Run.of("plans", "preview", "p1", "--home", state);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("1 of 4 tasks would change something"), run.out());
        assertTrue(run.out().contains("- old") && run.out().contains("+ new"), run.out());
        assertFalse(run.out().contains("same"), run.out());
        assertTrue(run.out().contains("there is more than is kept"), run.out());
        assertTrue(run.out().contains("unavailable: its author does not allow a preview"), run.out());
        Run.of("plans", "preview", "p1", "--again", "--home", state);
        assertTrue(fleet.calls().stream().anyMatch(call -> call.startsWith("POST /api/v1/plans/p1/preview")));
    }

    @Test
    void aRollbackIsAPlanToBeApproved() {
        Run run = Run.of("rollback", "p1", "--home", state);
        assertEquals(4, run.exitCode(), run.err());
        for (String part : new String[] {
            "Undoes plan p1.",
            "What step 2 (b.yml) did stays",
            "Two different people have to approve. Given by ada.",
            "preview    would change 2 things"
        }) {
            assertTrue(run.out().contains(part), () -> "missing \"" + part + "\" in\n" + run.out());
        }
    }

    @Test
    void whatCannotBeResumedIsSaid() {
        Run run = Run.of("resume", "p1", "--home", state);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("cannot be resumed"), run.err());
    }
}
