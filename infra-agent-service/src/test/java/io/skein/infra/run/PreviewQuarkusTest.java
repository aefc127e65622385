package io.skein.infra.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.RepositoryFixture;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.inventory.Inventories;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Previews by the real ansible-playbook: what would change, and nothing changed. */
@QuarkusTest
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = false)
@QuarkusTestResource(value = RepositoryFixture.class, restrictToAnnotatedClass = false)
class PreviewQuarkusTest {

    @Inject
    Catalogue catalogue;

    @Inject
    Inventories inventories;

    private OrchestratorSide orchestrator;

    @BeforeEach
    void listen() throws Exception {
        orchestrator = OrchestratorSide.listen();
    }

    @AfterEach
    void hangUp() throws Exception {
        orchestrator.close();
    }

    private WorkRequest preview(String playbook, String host, Map<String, JsonNode> variables) {
        return preview(playbook, List.of(host), variables);
    }

    private WorkRequest preview(String playbook, List<String> hosts, Map<String, JsonNode> variables) {
        return OrchestratorSide.approved(
                catalogue, inventories, WorkRequest.ANSIBLE_PREVIEW, playbook, hosts, variables);
    }

    private static void playbook(String name, String text) throws IOException {
        Path file = RepositoryFixture.repository().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void saysWhatWouldChangeAndChangesNothing() {
        UUID id = orchestrator.send(preview("reports/motd.yml", "pi01", Map.of()));
        WorkResult result = orchestrator.result(id);
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        assertEquals(2, result.hosts().get("pi01").changed());
        assertEquals(2, result.preview().tasks().size());
        assertTrue(result.preview().total() >= 2);
        assertFalse(result.preview().truncated());
        assertTrue(
                result.preview().tasks().stream()
                        .anyMatch(task -> task.diff() != null
                                && !task.diff().get(0).path("after").asText().isEmpty()),
                result.preview().toString());
        assertFalse(Files.exists(RepositoryFixture.target().resolve("pi01/motd")));
        assertTrue(
                orchestrator.of(id).stream()
                        .noneMatch(a ->
                                a.payload() instanceof WorkStatus status && status.phase() == WorkStatus.Phase.TASK),
                "a preview is one answer");
    }

    @Test
    void everyExampleThatAllowsAPreviewHasOne() {
        List<String> allowed = catalogue.playbooks().stream()
                .filter(p -> p.check() && !p.path().startsWith("p/"))
                .map(p -> p.path())
                .toList();
        assertTrue(allowed.size() > 10, allowed.toString());
        assertEquals(
                List.of(),
                allowed.stream()
                        .filter(path -> catalogue.previewObstacle(path).isPresent())
                        .toList());
    }

    @Test
    void theSameRequestIsAnsweredTheSame() {
        UUID id = Ids.next();
        WorkRequest request = preview("reports/motd.yml", "web01", Map.of());
        orchestrator.send(id, request);
        WorkResult first = orchestrator.result(id);
        orchestrator.send(id, request);
        await().atMost(30, SECONDS).until(() -> orchestrator.results(id).size() == 2);
        assertEquals(first, orchestrator.results(id).get(1));
    }

    @Test
    void whatItsAuthorDoesNotAllowIsNotPreviewed() {
        WorkResult result = orchestrator.result(orchestrator.send(preview("t/ok.yml", "web01", Map.of())));
        assertEquals(WorkResult.Outcome.REFUSED, result.outcome());
        assertEquals(WorkResult.NOT_PREVIEWABLE, result.code());
        assertTrue(result.reason().contains("skein:check=true"), result.reason());
    }

    @Test
    void whatWouldRunInCheckModeTooIsNotPreviewed() throws IOException {
        Path proof = Path.of(RepositoryFixture.target() + "-unsafe");
        playbook("p/unsafe.yml", """
            # skein:check=true
            - name: Unsafe
              hosts: web
              gather_facts: false
              tasks:
                - name: Writes all the same
                  ansible.builtin.command: "touch %s"
                  check_mode: false
            """.formatted(proof));
        WorkResult result = orchestrator.result(orchestrator.send(preview("p/unsafe.yml", "web01", Map.of())));
        assertEquals(WorkResult.NOT_PREVIEWABLE, result.code(), result.reason());
        assertTrue(result.reason().contains("Writes all the same"), result.reason());
        assertFalse(Files.exists(proof));

        // Without the rule the preview would have changed something: Ansible itself does not hold it back.
        WorkRequest unchecked = OrchestratorSide.approved(
                catalogue, inventories, WorkRequest.ANSIBLE_PLAYBOOK, "p/unsafe.yml", List.of("web01"), Map.of());
        WorkRequest inCheckMode = new WorkRequest(
                unchecked.workType(),
                unchecked.planId(),
                unchecked.stepId(),
                1,
                unchecked.playbook(),
                unchecked.contentSha256(),
                unchecked.inventory(),
                unchecked.hosts(),
                Map.of(),
                true,
                Map.of(),
                60,
                "default",
                "ada");
        orchestrator.result(orchestrator.send(inCheckMode));
        assertTrue(Files.exists(proof), "the planted bug was not seen");
        Files.delete(proof);
    }

    @Test
    void checkModeSwitchedOffForAWholeBlockIsSeen() throws IOException {
        playbook("p/block.yml", """
            # skein:check=true
            - name: Block
              hosts: web
              gather_facts: false
              tasks:
                - name: All of these
                  check_mode: "{{ false }}"
                  changed_when: false
                  block:
                    - name: One
                      ansible.builtin.debug:
                        msg: one
            """);
        assertTrue(catalogue.previewObstacle("p/block.yml").orElse("").contains("All of these"));
    }

    @Test
    void noSecretIsInAPreview() throws IOException {
        playbook("p/secret.yml", """
            # skein:check=true
            # skein:secret=pin
            - name: Secrets
              hosts: web
              gather_facts: false
              tasks:
                - name: Write them
                  ansible.builtin.copy:
                    content: "pin={{ pin }} router={{ router_password }} text={{ text }}\\n"
                    dest: "{{ homelab_root }}-secrets"
                    mode: "0600"
            """);
        WorkResult result = orchestrator.result(orchestrator.send(preview(
                "p/secret.yml",
                "web01",
                Map.of("pin", TextNode.valueOf("99887766"), "text", TextNode.valueOf("visible")))));
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        String said = WireFormat.writeString(result);
        assertTrue(said.contains("pin=[redacted] router=[redacted] text=visible"), said);
        assertFalse(said.contains("99887766") || said.contains("hunter2"), said);
    }

    @Test
    void aLongPreviewIsCutAndTravelsInParts() throws IOException {
        StringBuilder tasks = new StringBuilder("""
            # skein:check=true
            - name: Long
              hosts: all
              gather_facts: false
              tasks:
            """);
        for (int i = 0; i < 8; i++) {
            tasks.append("    - name: Long ").append(i).append('\n');
            tasks.append("      ansible.builtin.copy:\n        content: \"{{ 'x' * 64000 }}")
                    .append(i)
                    .append("\"\n");
            tasks.append(
                    "        dest: \"{{ homelab_root }}-long-{{ inventory_hostname }}\"\n        mode: \"0644\"\n");
        }
        playbook("p/long.yml", tasks.toString());
        UUID id = orchestrator.send(preview("p/long.yml", List.of("nas01", "web01", "pi01"), Map.of()));
        WorkResult result = orchestrator.result(id);
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        assertEquals(24, result.preview().total());
        assertTrue(result.preview().truncated());
        assertTrue(
                result.preview().tasks().size() > 15 && result.preview().tasks().size() < 24,
                result.preview().tasks().size() + " tasks");
        long parts = orchestrator.of(id).stream()
                .filter(a -> a.payload() instanceof WorkChunk)
                .count();
        assertEquals(5, parts);
    }

    @Test
    void itsTimeIsLimited() throws IOException {
        playbook("p/slow.yml", """
            # skein:check=true
            - name: Slow
              hosts: web
              gather_facts: false
              tasks:
                - name: Ask slowly
                  ansible.builtin.command: sleep 4712
                  check_mode: false
                  changed_when: false
            """);
        WorkRequest slow = preview("p/slow.yml", "web01", Map.of());
        UUID id = orchestrator.send(new WorkRequest(
                slow.workType(),
                slow.planId(),
                slow.stepId(),
                1,
                slow.playbook(),
                slow.contentSha256(),
                slow.inventory(),
                slow.hosts(),
                Map.of(),
                true,
                Map.of(),
                3,
                "default",
                "ada"));
        WorkResult result = orchestrator.result(id);
        assertEquals(WorkResult.Outcome.FAILED, result.outcome());
        assertTrue(result.reason().contains("time limit of this preview"), result.reason());
        assertTrue(Leftovers.marked(id).isEmpty());
    }
}
