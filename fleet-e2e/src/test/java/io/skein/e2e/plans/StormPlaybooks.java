package io.skein.e2e.plans;

import io.skein.e2e.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Three playbooks of one task each, which writes down the step it ran for, and an inventory of a few places. In one
 * place the last of them is run by the real {@code ansible-playbook}. It takes seconds of the machine, so for all others a program of
 * the same name does what they say: started, supervised and answered for by the real infra agent like any other.
 */
final class StormPlaybooks implements AutoCloseable {

    static final int PLACES = 8;

    /** What a plan is asked for with; it becomes three steps. */
    static String request(int place) {
        String where = " on bed0" + (place % PLACES + 1);
        return "Sow the barley" + where + ", then mill the flour" + where + ", then bake the bread" + where;
    }

    static final String INVENTORY = "inventories/storm/hosts.yml";

    private static final Map<String, String> NAMES = Map.of(
            "storm-sow.yml", "Sow the barley",
            "storm-mill.yml", "Mill the flour",
            "storm-bake.yml", "Bake the bread");
    private static final String BY_ANSIBLE = "storm-bake.yml";

    private final Path repository;
    private final Path programs;
    private final Path effects;

    StormPlaybooks(Fleet fleet) throws IOException {
        repository = fleet.playbooks();
        Path folder = Files.createTempDirectory("skein-storm");
        effects = Files.createFile(folder.resolve("effects"));
        programs = Files.createDirectory(folder.resolve("bin"));
        Path ansible = fleet.repository().resolve(".skein/ansible/bin");
        for (String program : List.of("ansible-inventory", "ansible-lint", "python3")) {
            Files.createSymbolicLink(programs.resolve(program), ansible.resolve(program));
        }
        Files.writeString(programs.resolve("ansible-playbook"), program(ansible.resolve("ansible-playbook")));
        Files.setPosixFilePermissions(
                programs.resolve("ansible-playbook"), PosixFilePermissions.fromString("rwxr-xr-x"));
        StringBuilder hosts = new StringBuilder("all:\n  vars:\n    ansible_connection: local\n"
                + "    ansible_python_interpreter: \"{{ ansible_playbook_python }}\"\n"
                + "  children:\n    beds:\n      hosts:\n");
        for (int place = 1; place <= PLACES; place++) {
            hosts.append("        bed0").append(place).append(":\n");
        }
        Files.createDirectories(repository.resolve(INVENTORY).getParent());
        Files.writeString(repository.resolve(INVENTORY), hosts);
        for (Map.Entry<String, String> playbook : NAMES.entrySet()) {
            Files.writeString(repository.resolve(playbook.getKey()), playbook(playbook.getValue()));
        }
    }

    /** The agent tells each run which step it is for. */
    private String playbook(String name) {
        return """
                ---
                # skein:description=%s
                # skein:risk=low
                - name: %s
                  hosts: beds
                  gather_facts: false
                  tasks:
                    - name: Write it down
                      ansible.builtin.shell: echo "$SKEIN_RUN_ID" >> %s
                      changed_when: true
                """.formatted(name, name, effects);
    }

    /** The agent calls it with {@code --inventory FILE --limit HOST … PLAYBOOK}, and listens at descriptor 3. */
    private String program(Path real) {
        return """
                #!/bin/sh
                for playbook in "$@"; do :; done
                case "$4 $playbook" in bed01*%s) exec "%s" "$@" ;; esac
                echo "$SKEIN_RUN_ID" >> %s
                host="$4"
                # Each line in one piece: the supervisor writes into the same pipe.
                say() { printf "$1\\n" "$host" >&3; }
                say '{"e":"result","play":"storm","task":"Write it down","action":"shell","host":"%%s","outcome":"changed","ms":1}'
                say '{"e":"stats","hosts":{"%%s":{"ok":1,"changed":1,"failed":0,"skipped":0,"unreachable":0}},"notices":[]}'
                """.formatted(BY_ANSIBLE, real, effects);
    }

    /** Where the infra agent finds Ansible. */
    Path programs() {
        return programs;
    }

    /** The steps that ran, in order. */
    List<UUID> effects() throws IOException {
        return Files.readAllLines(effects).stream().map(UUID::fromString).toList();
    }

    /** What others ask for must not find these. */
    @Override
    public void close() throws IOException {
        for (String playbook : NAMES.keySet()) {
            Files.delete(repository.resolve(playbook));
        }
        try (Stream<Path> files = Files.list(repository.resolve(INVENTORY).getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(repository.resolve(INVENTORY).getParent());
    }
}
