package io.skein.infra.catalogue;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.infra.RepositoryFixture;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What people and services read: catalogue, inventories, matches, suggestions. */
@QuarkusTest
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = false)
@QuarkusTestResource(value = RepositoryFixture.class, restrictToAnnotatedClass = false)
class CatalogueQuarkusTest {

    private static final String VIEWER = TestTokens.user("ada", "viewer");
    private static final String SERVICE = TestTokens.service("orchestrator-service");

    @Inject
    Jdbi jdbi;

    @Test
    void theCatalogueIsReadInPages() {
        ValidatableResponse first =
                get("/api/v1/playbooks?size=4").body("items", hasSize(4)).body("next", notNullValue());
        String next = first.extract().path("next");
        List<String> rest = get("/api/v1/playbooks?size=200&after=" + next)
                .body("next", nullValue())
                .extract()
                .path("items.path");
        assertTrue(rest.contains("uptime-kuma/deploy.yml") && !rest.contains("backup/directory.yml"), rest.toString());
        String id = get("/api/v1/playbooks?q=Uptime Kuma")
                .body("items.path", hasItem("uptime-kuma/deploy.yml"))
                .extract()
                .path("items.find { it.path == 'uptime-kuma/deploy.yml' }.id");
        get("/api/v1/playbooks/" + id)
                .body("name", equalTo("Deploy Uptime Kuma"))
                .body("risk", equalTo("medium"))
                .body("hosts", equalTo("monitoring"))
                .body("contentSha256.length()", is(64))
                .body("variables.find { it.name == 'uptime_kuma_port' }.default", is(3001))
                .body("broken", nullValue());
        for (String missing : List.of("01890a5d-ac96-774b-bcce-b302099a8057", "x")) {
            read("/api/v1/playbooks/" + missing).statusCode(404).body("code", equalTo("not_found"));
        }
        read("/api/v1/playbooks?size=0").statusCode(400).body("code", equalTo("validation_failed"));
        given().get("/api/v1/playbooks").then().statusCode(401);
    }

    /** REG-05: for another team, person or service asking for it, the repository is as good as empty. */
    @Test
    void anotherTeamSeesNothingOfTheRepository() {
        String id = get("/api/v1/playbooks?q=Uptime Kuma")
                .extract()
                .path("items.find { it.path == 'uptime-kuma/deploy.yml' }.id");
        String green = TestTokens.userOfTeam("ada", "green", "viewer", "operator", "approver", "admin");
        Map<String, Object> task = Map.of("tasks", List.of(Map.of("text", "Deploy Uptime Kuma")));
        for (String query : List.of("", "?team=default")) {
            by(green).get("/api/v1/playbooks" + query).then().statusCode(200).body("items", empty());
            by(green).get("/api/v1/inventories" + query).then().statusCode(200).body("items", empty());
            by(green)
                    .post("/api/v1/playbooks/rescan" + query)
                    .then()
                    .statusCode(200)
                    .body("items", empty());
            by(green).get("/api/v1/playbooks/" + id + query).then().statusCode(404);
            by(green)
                    .get("/api/v1/playbooks/" + id + "/suggestions" + query)
                    .then()
                    .statusCode(404);
            by(green)
                    .body(task)
                    .post("/api/v1/playbooks/match" + query)
                    .then()
                    .statusCode(200)
                    .body("results", hasSize(1))
                    .body("results[0].matched", nullValue())
                    .body("results[0].candidates", empty());
        }
        by(green)
                .get("/api/v1/inventories/hosts?inventory=inventories/homelab/hosts.yml&pattern=all")
                .then()
                .statusCode(422);

        by(SERVICE).get("/api/v1/playbooks?team=green").then().body("items", empty());
        by(SERVICE).get("/api/v1/playbooks/" + id + "?team=green").then().statusCode(404);
        by(SERVICE)
                .body(task)
                .post("/api/v1/playbooks/match?team=green")
                .then()
                .body("results[0].matched", nullValue());
        by(SERVICE).get("/api/v1/inventories?team=green").then().body("items", empty());
        by(SERVICE).get("/api/v1/playbooks?team=default").then().body("items", not(empty()));
        by(SERVICE).get("/api/v1/playbooks/" + id).then().statusCode(200);
        by(VIEWER).get("/api/v1/playbooks/" + id + "?team=green").then().statusCode(200);
        by(VIEWER)
                .get("/api/v1/inventories/hosts?inventory=inventories/homelab/hosts.yml&pattern=all")
                .then()
                .statusCode(200);
    }

    private static RequestSpecification by(String token) {
        return given().auth().oauth2(token).contentType("application/json");
    }

    @Test
    void aBrokenPlaybookIsListedWithTheReason() {
        get("/api/v1/playbooks?q=t/broken")
                .body("items", hasSize(1))
                .body("items[0].broken", containsString("line"))
                .body("items[0].contentSha256", nullValue());
    }

    @Test
    void aNewFileIsUsableWithinSecondsAndARemovedOneGoesAway() throws IOException {
        Path file = RepositoryFixture.repository().resolve("grafana/deploy.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "- name: Deploy Grafana\n  hosts: web\n  gather_facts: false\n  tasks: []\n");
        await().atMost(20, SECONDS).until(() -> matched("deploy Grafana to the homelab", null) != null);
        String id = get("/api/v1/playbooks?q=grafana").extract().path("items[0].id");
        Files.writeString(file, "- name: Deploy Grafana\n  hosts: [web\n");
        await().atMost(20, SECONDS)
                .until(() -> get("/api/v1/playbooks/" + id).extract().path("broken") != null);
        assertEquals(null, matched("deploy Grafana to the homelab", null));
        Files.delete(file);
        await().atMost(20, SECONDS)
                .until(() -> read("/api/v1/playbooks/" + id).extract().statusCode() == 404);
    }

    @Test
    void anUnchangedRepositoryIsNotReportedAsChanged() {
        String operator = TestTokens.user("ada", "viewer", "operator");
        given().auth().oauth2(operator).post("/api/v1/playbooks/rescan").then().statusCode(200);
        String before = stamps();
        given().auth()
                .oauth2(operator)
                .post("/api/v1/playbooks/rescan")
                .then()
                .statusCode(200)
                .body("items.size()", greaterThan(10));
        assertEquals(before, stamps());
        given().auth().oauth2(VIEWER).post("/api/v1/playbooks/rescan").then().statusCode(403);
    }

    @Test
    void clausesAreMatchedOrCandidatesGiven() {
        given().auth()
                .oauth2(SERVICE)
                .contentType("application/json")
                .body(Map.of(
                        "tasks",
                        List.of(
                                Map.of("text", "Deploy Uptime Kuma to the homelab"),
                                Map.of("text", "add our existing portals to the config", "context", "Uptime Kuma"),
                                Map.of("text", "order a pizza")),
                        "limit",
                        3))
                .post("/api/v1/playbooks/match")
                .then()
                .statusCode(200)
                .body("threshold", is(0.85f))
                .body("results[0].matched.path", equalTo("uptime-kuma/deploy.yml"))
                .body("results[0].confidence", greaterThan(0.85f))
                .body("results[1].matched.path", equalTo("uptime-kuma/monitors.yml"))
                .body("results[2].matched", nullValue())
                .body("results[2].candidates", hasSize(3))
                .body("results[2].candidates[0].playbook", hasKey("path"));
        long begun = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            matched("deploy Uptime Kuma on the homelab " + i, null);
            matched("put our portals into the config " + i, "Uptime Kuma");
        }
        System.out.printf(
                "match of two new clauses, mean over HTTP: %d ms%n", (System.nanoTime() - begun) / 10_000_000);
        for (String bad : List.of("{\"tasks\":[]}", "{\"tasks\":[{\"text\":\" \"}]}", "{}", "{\"tasks\":[null]}")) {
            given().auth()
                    .oauth2(SERVICE)
                    .contentType("application/json")
                    .body(bad)
                    .post("/api/v1/playbooks/match")
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation_failed"));
        }
    }

    @Test
    void inventoriesAreWhatAnsibleSays() {
        get("/api/v1/inventories")
                .body("items", hasSize(1))
                .body("items[0].name", equalTo("homelab"))
                .body("items[0].path", equalTo("inventories/homelab/hosts.yml"))
                .body("items[0].aliases", hasItem("the homelab"))
                .body("items[0].hosts.name", equalTo(List.of("nas01", "pi01", "web01")))
                .body("items[0].groups.find { it.name == 'storage' }.hosts", equalTo(List.of("nas01")))
                .body("items[0].hosts[0].variables.portals", hasSize(4))
                .body("items[0].hosts[0].variables", not(hasKey("router_password")))
                .body("items[0].broken", nullValue());
        String hosts = "/api/v1/inventories/hosts?inventory=homelab&pattern=";
        get(hosts + "all:!web").body("hosts", equalTo(List.of("nas01", "pi01")));
        get(hosts + "monitoring").body("hosts", equalTo(List.of("nas01")));
        get(hosts + "*01,nowhere").body("hosts", hasSize(3));
        get(hosts + "all:%26edge").body("hosts", equalTo(List.of("pi01")));
        get(hosts + "nowhere").body("hosts", empty());
        read("/api/v1/inventories/hosts?inventory=moon&pattern=all")
                .statusCode(422)
                .body("code", equalTo("inventory_not_found"));
        read("/api/v1/inventories/hosts?inventory=homelab").statusCode(400);
    }

    @Test
    void aBrokenInventorySaysWhy() throws IOException {
        Path file = RepositoryFixture.repository().resolve("inventories/attic/hosts.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "all:\n  hosts: [\n");
        try {
            get("/api/v1/inventories").body("items.find { it.name == 'attic' }.broken", notNullValue());
        } finally {
            Files.delete(file);
        }
    }

    /** Ansible would write its JSON until the time limit: 3 KB of aliases are 10^9 texts. */
    @Test
    void anInventoryThatExplodesIsNotGivenToAnsible() throws IOException {
        StringBuilder bomb = new StringBuilder("all:\n  hosts:\n    attic01:\n      a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("      a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        Path folder = RepositoryFixture.repository().resolve("inventories/attic");
        Files.createDirectories(folder.resolve("group_vars"));
        Path hosts = folder.resolve("hosts.yml");
        Path variables = folder.resolve("group_vars/all");
        try {
            Files.writeString(hosts, bomb);
            get("/api/v1/inventories")
                    .body("items.find { it.name == 'attic' }.broken", containsString("aliases"))
                    .body("items.find { it.name == 'homelab' }.broken", nullValue());
            Files.writeString(hosts, "all:\n  hosts:\n    attic01:\n");
            Files.writeString(variables, bomb);
            get("/api/v1/inventories").body("items.find { it.name == 'attic' }.broken", startsWith("group_vars/all: "));
            Files.writeString(variables, "shelf: &s [a, b]\nother: *s\n");
            get("/api/v1/inventories").body("items.find { it.name == 'attic' }.broken", nullValue());
        } finally {
            Files.deleteIfExists(hosts);
            Files.deleteIfExists(variables);
        }
    }

    @Test
    void suggestionsOnDemand() {
        String id = get("/api/v1/playbooks?q=t/fail").extract().path("items[0].id");
        get("/api/v1/playbooks/" + id + "/suggestions")
                .body("items.rule", hasItem("no-changed-when"))
                .body("items.category", hasItem("idempotency"))
                .body("items[0].path", equalTo("t/fail.yml"));
        String clean = get("/api/v1/playbooks?q=reports/motd").extract().path("items[0].id");
        get("/api/v1/playbooks/" + clean + "/suggestions").body("items", empty());
    }

    private String stamps() {
        return jdbi.withHandle(
                h -> h.createQuery("SELECT string_agg(path || updated_at, ',' ORDER BY path) FROM playbook"
                                + " WHERE path NOT LIKE 'grafana/%' AND path <> 't/late.yml'")
                        .mapTo(String.class)
                        .one());
    }

    private static String matched(String text, String context) {
        return given().auth()
                .oauth2(SERVICE)
                .contentType("application/json")
                .body(Map.of(
                        "tasks",
                        List.of(context == null ? Map.of("text", text) : Map.of("text", text, "context", context))))
                .post("/api/v1/playbooks/match")
                .then()
                .statusCode(200)
                .extract()
                .path("results[0].matched.path");
    }

    private static ValidatableResponse get(String path) {
        return read(path).statusCode(200);
    }

    private static ValidatableResponse read(String path) {
        return given().urlEncodingEnabled(!path.contains("%"))
                .auth()
                .oauth2(VIEWER)
                .get(path)
                .then();
    }
}
