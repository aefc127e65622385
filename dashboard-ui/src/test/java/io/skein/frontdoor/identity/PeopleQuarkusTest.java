package io.skein.frontdoor.identity;

import static io.skein.frontdoor.Door.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What administrators may do with people and teams, and what nobody may. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class PeopleQuarkusTest {

    @Test
    void rolesAreChangedByAnAdministrator() {
        String admin = Door.admin();
        String id = Door.create("rosa", "viewer");
        as(admin)
                .body(Map.of("roles", List.of("approver")))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(200)
                .body("roles", contains("viewer", "approver"));
        as(admin).get("/api/v1/users/" + id).then().body("roles", contains("viewer", "approver"));
        for (Object bad : List.of(List.of("god"), List.of("service"), List.of())) {
            as(admin)
                    .body(Map.of("roles", bad))
                    .patch("/api/v1/users/" + id)
                    .then()
                    .statusCode(400);
        }
        as(admin).body(Map.of()).patch("/api/v1/users/" + id).then().statusCode(400);
        String viewer = Door.token("rosa");
        as(viewer)
                .body(Map.of("roles", List.of("admin")))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(403);
    }

    @Test
    void aChangeOfWhatSomebodyElseChangedIsRefused() {
        String admin = Door.admin();
        String id = Door.create("etta", "viewer");
        String seen = as(admin).get("/api/v1/users/" + id).header("ETag");
        as(admin)
                .body(Map.of("roles", List.of("operator")))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(200)
                .header("ETag", not(equalTo(seen)));
        as(admin)
                .header("If-Match", seen)
                .body(Map.of("disabled", true))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition_failed"));
        as(admin).get("/api/v1/users/" + id).then().body("disabled", equalTo(false));
    }

    @Test
    void nobodyTakesTheirOwnRightsAway() {
        String id = Door.create("selma", "admin");
        String own = Door.token("selma");
        for (Map<String, Object> change :
                List.of(Map.<String, Object>of("roles", List.of("viewer")), Map.<String, Object>of("disabled", true))) {
            as(own).body(change)
                    .patch("/api/v1/users/" + id)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("illegal_transition"));
        }
        as(own).delete("/api/v1/users/" + id).then().statusCode(409);
        as(own).get("/api/v1/users/" + id).then().statusCode(200).body("roles", hasItem("admin"));
    }

    @Test
    void aTeamKeepsAnAdministratorAsLongAsItHasPeople() {
        String fleet = Door.admin();
        Door.createTeam("keepers");
        String only = Door.createIn("keepers", "kate", "admin");
        String other = Door.createIn("keepers", "kurt", "viewer");
        for (Map<String, Object> change : List.of(
                Map.<String, Object>of("roles", List.of("operator")), Map.<String, Object>of("disabled", true))) {
            as(fleet)
                    .body(change)
                    .patch("/api/v1/users/" + only)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("last_admin"));
        }
        as(fleet).delete("/api/v1/users/" + only).then().statusCode(409).body("code", equalTo("last_admin"));
        // A disabled administrator administers nothing.
        String second = Door.createIn("keepers", "kira", "admin");
        as(fleet)
                .body(Map.of("disabled", true))
                .patch("/api/v1/users/" + second)
                .then()
                .statusCode(200);
        as(fleet).delete("/api/v1/users/" + only).then().statusCode(409);
        as(fleet).delete("/api/v1/users/" + second).then().statusCode(204);
        as(fleet).delete("/api/v1/users/" + other).then().statusCode(204);
        as(fleet).delete("/api/v1/teams/keepers").then().statusCode(409).body("code", equalTo("team_not_empty"));
        // The last person of all may go, and the team after them.
        as(fleet).delete("/api/v1/users/" + only).then().statusCode(204);
        as(fleet).delete("/api/v1/teams/keepers").then().statusCode(204);
    }

    @Test
    void twoAdministratorsCannotEachRemoveTheOther() throws Exception {
        for (int round = 0; round < 5; round++) {
            String team = "duel-" + round;
            Door.createTeam(team);
            String a = Door.createIn(team, "a-" + round, "admin");
            String b = Door.createIn(team, "b-" + round, "admin");
            String tokenA = Door.token("a-" + round);
            String tokenB = Door.token("b-" + round);
            CountDownLatch ready = new CountDownLatch(2);
            List<Future<Integer>> answers = new ArrayList<>();
            try (var threads = Executors.newFixedThreadPool(2)) {
                for (List<String> shot : List.of(List.of(tokenA, b), List.of(tokenB, a))) {
                    answers.add(threads.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return as(shot.get(0))
                                .body(Map.of("roles", List.of("viewer")))
                                .patch("/api/v1/users/" + shot.get(1))
                                .statusCode();
                    }));
                }
            }
            long done = 0;
            for (Future<Integer> answer : answers) {
                done += answer.get() == 200 ? 1 : 0;
            }
            assertEquals(1, done, "in " + team);
        }
    }

    @Test
    void anotherTeamsPeopleDoNotExist() {
        Door.createTeam("north");
        Door.createIn("north", "nora", "admin");
        String stranger = Door.create("dora", "viewer");
        String nora = Door.token("nora");
        as(nora).get("/api/v1/users").then().statusCode(200).body("items.team", everyItem(equalTo("north")));
        as(nora).get("/api/v1/users?team=default").then().statusCode(404);
        as(nora).get("/api/v1/users/" + stranger).then().statusCode(404);
        as(nora).body(Map.of("disabled", true))
                .patch("/api/v1/users/" + stranger)
                .then()
                .statusCode(404);
        as(nora).body(Map.of("password", "stolen horse battery"))
                .post("/api/v1/users/" + stranger + "/password")
                .then()
                .statusCode(404);
        as(nora).delete("/api/v1/users/" + stranger).then().statusCode(404);
        as(nora).get("/api/v1/users/" + UUID.randomUUID()).then().statusCode(404);
        as(nora).get("/api/v1/users/not-an-id").then().statusCode(404);
        as(nora).body(Map.of(
                        "username", "spy", "password", Door.PASSWORD, "roles", List.of("admin"), "team", "default"))
                .post("/api/v1/users")
                .then()
                .statusCode(403);
        Door.signIn("dora", Door.PASSWORD).statusCode(200);
        as(Door.admin()).get("/api/v1/users?team=north").then().statusCode(200).body("items.name", contains("nora"));
    }

    @Test
    void teamsAreKeptByTheFleetsAdministrators() {
        String fleet = Door.admin();
        Door.createTeam("south");
        Door.createIn("south", "sofia", "admin");
        String sofia = Door.token("sofia");
        as(sofia).get("/api/v1/teams").then().statusCode(403);
        as(sofia).get("/api/v1/teams/default").then().statusCode(403);
        as(sofia).body(Map.of("name", "mine")).post("/api/v1/teams").then().statusCode(403);
        as(sofia).delete("/api/v1/teams/south").then().statusCode(403);
        as(sofia).get("/api/v1/me").then().body("fleet", equalTo(false));
        as(fleet).get("/api/v1/me").then().body("fleet", equalTo(true));

        as(fleet)
                .get("/api/v1/teams?size=200")
                .then()
                .statusCode(200)
                .body("items.find { it.name == 'south' }.people", equalTo(1))
                .body("items.name", hasItem("default"));
        as(fleet).get("/api/v1/teams/south").then().statusCode(200).body("createdBy", equalTo(Door.ADMIN));
        as(fleet).body(Map.of("name", "south")).post("/api/v1/teams").then().statusCode(400);
        for (String bad : List.of("South", "a~b", "a/b", "-a", "a b", "x".repeat(65), "ä")) {
            as(fleet).body(Map.of("name", bad)).post("/api/v1/teams").then().statusCode(400);
        }
        as(fleet)
                .body(Map.of(
                        "username", "lost", "password", Door.PASSWORD, "roles", List.of("viewer"), "team", "nowhere"))
                .post("/api/v1/users")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("team"));
        as(fleet).delete("/api/v1/teams/nowhere").then().statusCode(404);
    }

    @Test
    void namesOfWhatIsGoneStayReserved() {
        String fleet = Door.admin();
        Door.createTeam("gone");
        String id = Door.createIn("gone", "Ghost", "admin");
        as(fleet).delete("/api/v1/users/" + id).then().statusCode(204);
        as(fleet).delete("/api/v1/users/" + id).then().statusCode(404);
        as(fleet).delete("/api/v1/teams/gone").then().statusCode(204);
        as(fleet).get("/api/v1/teams/gone").then().statusCode(404);
        as(fleet)
                .body(Map.of("username", "ghost", "password", Door.PASSWORD, "roles", List.of("viewer")))
                .post("/api/v1/users")
                .then()
                .statusCode(400)
                .body("detail", containsString("taken"));
        as(fleet).body(Map.of("name", "gone")).post("/api/v1/teams").then().statusCode(400);
    }

    @Test
    void onlyWhatIsAskedForIsTakenFromABody() {
        String admin = Door.admin();
        String id = Door.create("massa", "viewer");
        as(admin)
                .body(Map.of(
                        "disabled",
                        false,
                        "team",
                        "elsewhere",
                        "name",
                        "root2",
                        "version",
                        99,
                        "password",
                        "x",
                        "id",
                        "1"))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(200)
                .body("team", equalTo("default"))
                .body("name", equalTo("massa"))
                .header("ETag", equalTo("\"0\""));
        Door.signIn("massa", Door.PASSWORD).statusCode(200);
        String made = as(admin)
                .body(Map.of(
                        "username",
                        "massimo",
                        "password",
                        Door.PASSWORD,
                        "roles",
                        List.of("viewer"),
                        "disabled",
                        true,
                        "id",
                        id,
                        "createdBy",
                        "setup"))
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .body("disabled", equalTo(false))
                .body("id", not(equalTo(id)))
                .extract()
                .path("id");
        as(admin)
                .body(Map.of("password", "another horse battery", "roles", List.of("admin"), "disabled", true))
                .post("/api/v1/users/" + made + "/password")
                .then()
                .statusCode(204);
        as(admin)
                .get("/api/v1/users/" + made)
                .then()
                .body("roles", contains("viewer"))
                .body("disabled", equalTo(false));
    }
}
