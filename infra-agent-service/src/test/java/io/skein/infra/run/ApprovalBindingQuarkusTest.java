package io.skein.infra.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.infra.RepositoryFixture;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.inventory.Inventories;
import io.skein.infra.inventory.Inventory;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was approved is what runs: one byte of anything a run reads from the repository, and it does not. */
@QuarkusTest
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = false)
@QuarkusTestResource(value = RepositoryFixture.class, restrictToAnnotatedClass = false)
class ApprovalBindingQuarkusTest {

    private static final String PLAYBOOK = "bound/site.yml";
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        FILES.put(PLAYBOOK, """
            - name: Bound
              hosts: web
              gather_facts: false
              vars_files: [more.yml]
              roles: [bound]
              tasks:
                - name: Include
                  ansible.builtin.include_tasks: steps/extra.yml
                - name: Prove it ran
                  ansible.builtin.copy:
                    content: "{{ said }} {{ marker | default('-') }}"
                    dest: "{{ homelab_root }}-bound"
                    mode: "0644"
            """);
        FILES.put("bound/more.yml", "said: hello\n");
        FILES.put("bound/steps/extra.yml", "- name: Extra\n  ansible.builtin.debug:\n    msg: extra\n");
        FILES.put("bound/group_vars/web.yml", "beside: 1\n");
        FILES.put("roles/bound/tasks/main.yml", """
            - name: From a template
              ansible.builtin.template:
                src: note.j2
                dest: "{{ homelab_root }}-note"
                mode: "0644"
            """);
        FILES.put("roles/bound/templates/note.j2", "note {{ said }}\n");
        FILES.put("roles/bound/defaults/main.yml", "colour: red\n");
        FILES.put("roles/bound/vars/main.yml", "shape: round\n");
        FILES.put("roles/bound/files/blob.bin", "blob\n");
        FILES.put("roles/bound/meta/main.yml", "dependencies: [below]\n");
        FILES.put("roles/below/tasks/main.yml", "- name: Below\n  ansible.builtin.debug:\n    msg: below\n");
    }

    @Inject
    Catalogue catalogue;

    @Inject
    Inventories inventories;

    @Inject
    ApprovalCheck approval;

    private OrchestratorSide orchestrator;

    @BeforeEach
    void repository() throws Exception {
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            write(file.getKey(), file.getValue());
        }
        write("inventories/homelab/host_vars/web01.yml", "rack: 1\n");
        catalogue.playbooks();
        Files.deleteIfExists(proof());
        orchestrator = OrchestratorSide.listen();
    }

    @AfterEach
    void hangUp() throws Exception {
        orchestrator.close();
    }

    private static Path file(String name) {
        return RepositoryFixture.repository().resolve(name);
    }

    private static Path proof() {
        return Path.of(RepositoryFixture.target() + "-bound");
    }

    private static void write(String name, String text) throws IOException {
        Files.createDirectories(file(name).getParent());
        Files.writeString(file(name), text);
    }

    private WorkRequest approved() {
        org.awaitility.Awaitility.await().until(() -> catalogue
                .byPath(PLAYBOOK)
                .map(p -> catalogue
                        .readNow(PLAYBOOK)
                        .orElseThrow()
                        .contentSha256()
                        .equals(p.contentSha256()))
                .orElse(false));
        return OrchestratorSide.approved(
                catalogue, inventories, WorkRequest.ANSIBLE_PLAYBOOK, PLAYBOOK, List.of("web01"), Map.of());
    }

    private void mustNotRun(WorkRequest request, String changed) {
        WorkResult result = orchestrator.result(orchestrator.send(request));
        assertEquals(WorkResult.Outcome.REFUSED, result.outcome(), changed + ": " + result.reason());
        assertEquals(WorkResult.APPROVAL_CHANGED, result.code(), changed);
        assertEquals(List.of(changed), result.changedFiles(), result.reason());
        assertTrue(result.reason().contains(changed), result.reason());
        assertFalse(Files.exists(proof()), "it ran");
    }

    @Test
    void whatIsAsApprovedRuns() {
        WorkResult result = orchestrator.result(orchestrator.send(approved()));
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        assertTrue(Files.exists(proof()));
    }

    @Test
    void oneByteOfAnyFileAndItDoesNotRun() throws IOException {
        for (String name : FILES.keySet()) {
            WorkRequest request = approved();
            byte[] before = Files.readAllBytes(file(name));
            Files.writeString(file(name), new String(before, java.nio.charset.StandardCharsets.UTF_8) + "#");
            mustNotRun(request, name);
            Files.write(file(name), before);
        }
    }

    @Test
    void oneByteOfTheInventoryAndItDoesNotRun() throws IOException {
        for (String name : List.of(
                OrchestratorSide.INVENTORY,
                "inventories/homelab/group_vars/all.yml",
                "inventories/homelab/host_vars/web01.yml")) {
            WorkRequest request = approved();
            String before = Files.readString(file(name));
            Files.writeString(file(name), before + "#");
            mustNotRun(request, name);
            Files.writeString(file(name), before);
        }
    }

    @Test
    void aFileThatIsNewOrGoneIsNamed() throws IOException {
        WorkRequest request = approved();
        write("roles/bound/tasks/more.yml", "- name: More\n  ansible.builtin.debug:\n    msg: more\n");
        mustNotRun(request, "roles/bound/tasks/more.yml (new)");
        Files.delete(file("roles/bound/tasks/more.yml"));
        write("inventories/homelab/host_vars/nas01.yml", "rack: 2\n");
        WorkRequest withHost = approved();
        Files.delete(file("inventories/homelab/host_vars/nas01.yml"));
        mustNotRun(withHost, "inventories/homelab/host_vars/nas01.yml (gone)");
    }

    @Test
    void anotherVariableThanApprovedDoesNotRun() {
        WorkRequest own = approved();
        WorkRequest other = new WorkRequest(
                own.workType(),
                own.planId(),
                own.stepId(),
                own.stepNumber(),
                own.playbook(),
                own.contentSha256(),
                own.inventory(),
                own.hosts(),
                Map.of("marker", TextNode.valueOf("smuggled")),
                false,
                Map.of(),
                60,
                own.team(),
                own.requestedBy(),
                own.inventorySha256(),
                own.approvedSha256());
        WorkResult result = orchestrator.result(orchestrator.send(other));
        assertEquals(WorkResult.APPROVAL_CHANGED, result.code(), result.reason());
        assertTrue(result.reason().contains("variables"), result.reason());
        assertFalse(Files.exists(proof()));
    }

    /** The planted bug: an executor that believes what the order says. The tests above would see it. */
    @Test
    void anExecutorThatDoesNotComputeTheDigestsAnewIsSeen() throws IOException {
        QuarkusMock.installMockForInstance(
                new ApprovalCheck() {
                    @Override
                    Optional<Change> change(WorkRequest request, Playbook playbook, Inventory inventory) {
                        return Optional.empty();
                    }
                },
                approval);
        WorkRequest request = approved();
        String name = "roles/bound/templates/note.j2";
        String before = Files.readString(file(name));
        Files.writeString(file(name), before + "#");
        try {
            assertThrows(AssertionError.class, () -> mustNotRun(request, name), "the planted bug was not seen");
            assertTrue(Files.exists(proof()), "it ran what nobody approved");
        } finally {
            Files.writeString(file(name), before);
        }
    }

    /** What is left out of a digest is not approved: a folder behind a link makes the inventory unusable. */
    @Test
    void variablesBehindALinkedFolderAreNoInventory() throws IOException {
        Path link = file("inventories/homelab/group_vars/linked");
        Path elsewhere = Files.createTempDirectory("elsewhere");
        Files.createSymbolicLink(link, elsewhere);
        try {
            Inventory inventory = inventories.get(OrchestratorSide.INVENTORY).orElseThrow();
            assertTrue(inventory.broken().contains("link"), inventory.broken());
        } finally {
            Files.delete(link);
            Files.delete(elsewhere);
        }
    }
}
