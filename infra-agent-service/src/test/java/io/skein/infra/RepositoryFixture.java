package io.skein.infra;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.infra.catalogue.TestPlaybooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of the examples with a few playbooks for tests, in a folder of its own. */
public class RepositoryFixture implements QuarkusTestResourceLifecycleManager {

    private static final String FOLDER = "skein.test.repository";

    private Path folder;

    /** The repository of the running test. */
    public static Path repository() {
        return Path.of(System.getProperty(FOLDER)).resolve("repository");
    }

    /** Where its playbooks write. */
    public static Path target() {
        return Path.of(System.getProperty(FOLDER)).resolve("target");
    }

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("skein-infra");
            System.setProperty(FOLDER, folder.toString());
            copy(TestPlaybooks.examples(), repository());
            for (Map.Entry<String, String> playbook : PLAYBOOKS.entrySet()) {
                Path file = repository().resolve("t").resolve(playbook.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, playbook.getValue());
            }
            Path variables = repository().resolve("inventories/homelab/group_vars/all.yml");
            Files.writeString(
                    variables,
                    Files.readString(variables).replace("~/skein-homelab", target().toString())
                            + "router_password: hunter2\n");
            return Map.of(
                    "skein.infra-agent.preview-max-size", "1200K",
                    "SKEIN_INFRA_AGENT_REPOSITORY", repository().toString(),
                    "SKEIN_INFRA_AGENT_WORK_DIR", folder.resolve("work").toString(),
                    "SKEIN_INFRA_AGENT_ID", "infra-agent-test",
                    "skein.infra-agent.scan-interval", "200ms",
                    "skein.infra-agent.lease", "3s",
                    "skein.infra-agent.heartbeat-interval", "1s");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static final Map<String, String> PLAYBOOKS = Map.of(
            "ok.yml",
            """
            - name: Write a greeting
              hosts: all
              gather_facts: false
              vars:
                greeting: hello
                template_default: "{{ homelab_root }}/greeting"
              tasks:
                - name: Make the folder
                  ansible.builtin.file:
                    path: "{{ homelab_root }}"
                    state: directory
                    mode: "0755"
                - name: Write it
                  ansible.builtin.copy:
                    content: "{{ greeting }}"
                    dest: "{{ template_default }}-{{ inventory_hostname }}"
                    mode: "0644"
                - name: Say so
                  ansible.builtin.set_stats:
                    data:
                      skein_notice: ["{{ inventory_hostname }} was greeted"]
            """,
            "fail.yml",
            """
            - hosts: web
              gather_facts: false
              tasks:
                - name: Fine
                  ansible.builtin.debug:
                    msg: fine
                - name: Not so fine
                  ansible.builtin.fail:
                    msg: the disk is full
                  ignore_errors: true
                - name: Broken
                  ansible.builtin.command: /bin/false
                - name: Never reached
                  ansible.builtin.debug:
                    msg: never
            """,
            "sleep.yml",
            """
            - name: Sleep
              hosts: web
              gather_facts: false
              tasks:
                - name: Begin
                  ansible.builtin.debug:
                    msg: begin
                - name: Sleep
                  ansible.builtin.command: sleep 4711
            """,
            "secret.yml",
            """
            # skein:secret=pin
            - name: Tell secrets
              hosts: web
              gather_facts: false
              tasks:
                - name: Careless
                  ansible.builtin.debug:
                    msg: "password {{ db_password }} pin {{ pin.code }} free {{ text }}"
                - name: Careful
                  ansible.builtin.debug:
                    msg: "{{ db_password }} is hidden by Ansible"
                  no_log: true
                - name: With a diff
                  ansible.builtin.copy:
                    content: "password={{ db_password }}\\ntext={{ text }}\\n"
                    dest: "{{ homelab_root }}/secret"
                    mode: "0600"
            """,
            "broken.yml",
            "- name: Broken\n  hosts: [all\n");
}
