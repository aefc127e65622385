package io.skein.infra.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaybookParserTest {

    @TempDir
    Path root;

    @Test
    void theExamplesAreReadAsTheirAuthorMeantThem() {
        Map<String, Playbook> found =
                TestPlaybooks.homelab().stream().collect(Collectors.toMap(Playbook::path, Function.identity()));
        assertEquals(15, found.size(), found.keySet()::toString);
        assertTrue(found.values().stream().noneMatch(Playbook::isBroken), () -> found.values()
                .toString());

        Playbook deploy = found.get("uptime-kuma/deploy.yml");
        assertTrue(
                deploy.variables().stream().noneMatch(v -> v.name().equals("monitors_interval")),
                "a template of the playbook beside it");
        assertEquals("Deploy Uptime Kuma", deploy.name());
        assertEquals("uptime-kuma", deploy.service());
        assertEquals("monitoring", deploy.hosts());
        assertEquals("medium", deploy.risk());
        assertEquals("uptime-kuma/remove.yml", deploy.undo());
        assertEquals(70, deploy.estimatedSeconds());
        assertEquals(256L * 1024 * 1024, deploy.resources().memoryBytes());
        assertTrue(deploy.check());
        Playbook.Variable port = variable(deploy, "uptime_kuma_port");
        assertEquals(3001L, port.defaultValue());
        assertEquals("number", port.type());
        assertEquals("Port on the host where Uptime Kuma's web page answers.", port.description());
        assertFalse(port.required());

        assertTrue(variable(found.get("uptime-kuma/monitors.yml"), "portals").required());
        assertTrue(variable(found.get("backup/directory.yml"), "backup_source").required());
        Playbook.Variable password = variable(found.get("services/credentials.yml"), "credential_password");
        assertTrue(password.secret());
        assertTrue(found.get("web/start-page.yml").variables().stream()
                .noneMatch(v -> v.name().startsWith("_")));
    }

    @Test
    void homelabRootIsRequiredOnlyUntilTheInventoryGivesIt() {
        List<Playbook> playbooks = TestPlaybooks.homelab();
        assertTrue(playbooks.stream()
                .filter(p -> p.path().equals("reports/motd.yml"))
                .allMatch(p -> variable(p, "homelab_root").required()));
    }

    @Test
    void variablesWithoutValueAreFoundWithoutMetadata() throws IOException {
        write("vars.yml", "from_file: 1\n");
        Playbook playbook = one("""
                - name: X
                  hosts: all
                  vars_files: [vars.yml]
                  vars:
                    given: a
                  tasks:
                    - ansible.builtin.command: "echo {{ given }} {{ needed }} {{ from_file }}"
                      register: out
                      when: also_needed == 'x' and maybe is defined
                    - ansible.builtin.debug:
                        msg: "{{ out.stdout | regex_replace('nothing', wanted) }} {{ soft | default('x') }} {{ item.name }}"
                      loop: "{{ things }}"
                    - ansible.builtin.set_fact: {mine: 1}
                    - ansible.builtin.debug: {msg: "{{ mine }} {{ ansible_facts['os'] }} {{ inventory_hostname }}"}
                """);
        List<String> required = playbook.variables().stream()
                .filter(Playbook.Variable::required)
                .map(Playbook.Variable::name)
                .sorted()
                .toList();
        assertEquals(List.of("also_needed", "needed", "things", "wanted"), required);
        assertEquals(1L, variable(playbook, "from_file").defaultValue());
    }

    @Test
    void brokenYamlIsListedWithReasonAndLine() throws IOException {
        Playbook playbook = one("- name: X\n  hosts: all\n  tasks:\n   - a: [1, 2\n");
        assertTrue(playbook.isBroken());
        assertTrue(playbook.broken().contains("not valid YAML"), playbook.broken());
        assertTrue(playbook.broken().matches(".*\\(line [45]\\)"), playbook.broken());
        assertNull(playbook.contentSha256());
    }

    @Test
    void aPlayWithoutHostsIsBrokenAndOtherYamlIsNoPlaybook() throws IOException {
        assertTrue(one("- name: A\n  hosts: all\n- name: B\n  tasks: []\n")
                .broken()
                .contains("play 2"));
        write("requirements.yml", "- src: geerlingguy.docker\n");
        write("compose.yml", "services: {}\n");
        write("empty.yml", "");
        Files.delete(root.resolve("p.yml"));
        assertTrue(TestPlaybooks.scan(root).isEmpty());
    }

    @Test
    void bombsAreRefusedQuickly() throws IOException {
        StringBuilder bomb = new StringBuilder("- hosts: all\n  vars:\n    a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String alias = "*a" + (i - 1);
            bomb.append(
                    "    a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", java.util.Collections.nCopies(5, alias))));
        }
        write("bomb.yml", bomb.toString());
        write("deep.yml", "- hosts: all\n  x: " + "[".repeat(5000) + "]".repeat(5000) + "\n");
        write("self.yml", "- hosts: all\n  vars: &v\n    me: *v\n");
        write("huge.yml", "- hosts: all\n  x: " + "y".repeat(2_000_000) + "\n");
        List<Playbook> found = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> TestPlaybooks.scan(root));
        assertEquals(4, found.size());
        assertTrue(found.stream().allMatch(Playbook::isBroken), () -> found.toString());
    }

    @Test
    void nothingOutsideTheRepositoryIsRead() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside/roles/evil/tasks"));
        Files.writeString(outside.resolve("main.yml"), "[]\n");
        Path repository = Files.createDirectories(root.resolve("repo"));
        Files.writeString(
                repository.resolve("import.yml"),
                "- ansible.builtin.import_playbook: ../outside/roles/evil/tasks/main.yml\n");
        Files.writeString(
                repository.resolve("include.yml"),
                "- hosts: all\n  tasks:\n    - ansible.builtin.include_tasks: ../outside/roles/evil/tasks/main.yml\n");
        Files.createSymbolicLink(
                Files.createDirectories(repository.resolve("roles")).resolve("evil"),
                root.resolve("outside/roles/evil"));
        Files.writeString(repository.resolve("role.yml"), "- hosts: all\n  roles: [evil]\n");
        Files.createSymbolicLink(repository.resolve("link.yml"), outside.resolve("main.yml"));
        List<Playbook> found = TestPlaybooks.scan(repository);
        assertEquals(
                List.of("import.yml", "include.yml", "role.yml"),
                found.stream().map(Playbook::path).toList());
        assertTrue(
                found.stream().allMatch(p -> p.isBroken() && p.broken().contains("outside")), () -> found.toString());

        RepositoryFiles files = new RepositoryFiles(repository);
        for (String path :
                List.of("../outside/x", "/etc/passwd", "link.yml", "a\0b", "roles/evil/tasks/main.yml", "")) {
            assertTrue(files.file(path).isEmpty(), path);
        }
        assertTrue(files.file("include.yml").isPresent());
    }

    @Test
    void theDigestCoversEverythingThatIsPulledIn() throws IOException {
        write("roles/web/tasks/main.yml", "- ansible.builtin.include_role: {name: base}\n");
        write("roles/base/tasks/main.yml", "- ansible.builtin.template: {src: a.j2, dest: /tmp/a}\n");
        write("roles/base/templates/a.j2", "one");
        write("vars/extra.yml", "a: 1\n");
        write("shared/more.yml", "- ansible.builtin.debug: {msg: hi}\n");
        write("group_vars/all.yml", "b: 1\n");
        write("ansible.cfg", "[defaults]\n");
        write("other/unrelated.txt", "x");
        write(
                "p.yml",
                "- hosts: all\n  vars_files: [vars/extra.yml]\n  roles: [web]\n"
                        + "  tasks:\n    - ansible.builtin.import_tasks: shared/more.yml\n");
        String before = digest();
        for (String file : List.of(
                "p.yml",
                "roles/web/tasks/main.yml",
                "roles/base/tasks/main.yml",
                "roles/base/templates/a.j2",
                "vars/extra.yml",
                "shared/more.yml",
                "group_vars/all.yml",
                "ansible.cfg")) {
            String old = Files.readString(root.resolve(file));
            write(file, old + "\n# changed\n");
            assertNotEquals(before, digest(), file);
            write(file, old);
            assertEquals(before, digest(), file);
        }
        write("roles/base/tasks/new.yml", "[]\n");
        assertNotEquals(before, digest(), "a new file in a role");
        Files.delete(root.resolve("roles/base/tasks/new.yml"));
        write("other/unrelated.txt", "y");
        assertEquals(before, digest());
    }

    private String digest() {
        return TestPlaybooks.scan(root).stream()
                .filter(p -> p.path().equals("p.yml"))
                .findFirst()
                .orElseThrow()
                .contentSha256();
    }

    private Playbook one(String text) throws IOException {
        write("p.yml", text);
        return TestPlaybooks.scan(root).stream()
                .filter(p -> p.path().equals("p.yml"))
                .findFirst()
                .orElseThrow();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Playbook.Variable variable(Playbook playbook, String name) {
        return playbook.variables().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + playbook.variables()));
    }
}
