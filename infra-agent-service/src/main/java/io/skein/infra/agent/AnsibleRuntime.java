package io.skein.infra.agent;

import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Where Ansible is and the environment it is given: little, named, and nothing of ours (no database password). */
@Startup
@ApplicationScoped
public class AnsibleRuntime {

    private static final Logger LOG = Logger.getLogger(AnsibleRuntime.class);
    private static final List<String> SCRIPTS =
            List.of("ansible/skein_supervisor.py", "ansible/callback_plugins/skein_events.py");
    /** What a playbook may see of our environment: the person's, not the service's. */
    private static final List<String> PASSED_ON =
            List.of("HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "TZ", "TMPDIR", "DOCKER_HOST", "XDG_RUNTIME_DIR");

    private static final Pattern ROLES_PATH = Pattern.compile("(?m)^\\s*roles_path\\s*=\\s*(.+?)\\s*$");

    @Inject
    AgentConfig config;

    private Path workDir;
    private Path repository;

    @PostConstruct
    void prepare() {
        try {
            workDir = Files.createDirectories(config.workDir()).toRealPath();
            if (Files.getFileStore(workDir).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(workDir, PosixFilePermissions.fromString("rwx------"));
            }
            for (String script : SCRIPTS) {
                unpack(script);
            }
            repository = Files.exists(config.repository())
                    ? config.repository().toRealPath()
                    : config.repository().toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new UncheckedIOException("The work directory " + config.workDir() + " cannot be used", e);
        }
        if (!Files.isDirectory(repository)) {
            LOG.warnf("The playbook repository %s is no folder; set SKEIN_INFRA_AGENT_REPOSITORY.", repository);
        }
        if (find("ansible-playbook").isEmpty()) {
            LOG.warn("No ansible-playbook; set SKEIN_INFRA_AGENT_ANSIBLE_BIN to the folder that holds it. "
                    + "Until then every run is refused.");
        }
    }

    /** The repository, as a real path. */
    public Path repository() {
        return repository;
    }

    public Path workDir() {
        return workDir;
    }

    public Path supervisor() {
        return workDir.resolve(SCRIPTS.getFirst());
    }

    /** An Ansible program (or the python3 beside it), if there is one. */
    public Optional<Path> find(String program) {
        Stream<Path> folders = config.ansibleBin().isPresent()
                ? Stream.of(config.ansibleBin().get())
                : Stream.concat(checkoutVenv().stream(), pathFolders());
        return folders.map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /** python3 of the venv, else the system's. */
    public Path python() {
        return find("python3")
                .or(() -> pathFolders()
                        .map(f -> f.resolve("python3"))
                        .filter(Files::isExecutable)
                        .findFirst())
                .orElse(Path.of("/usr/bin/python3"));
    }

    /** Folders roles are looked for in, beside the playbook's own. */
    public List<Path> rolesPath() {
        Optional<String> configured = configuredRolesPath();
        if (configured.isEmpty()) {
            return List.of(repository.resolve("roles"));
        }
        return Stream.of(configured.get().split(":"))
                .map(String::trim)
                .filter(p -> !p.isEmpty() && !p.startsWith("~"))
                .map(repository::resolve)
                .map(Path::normalize)
                .toList();
    }

    /** The environment of every Ansible process. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : PASSED_ON) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put(
                "PATH",
                find("ansible-playbook")
                        .map(p -> p.getParent() + File.pathSeparator + path)
                        .orElse(path));
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("ANSIBLE_LOCAL_TEMP", workDir.resolve("ansible-tmp").toString());
        environment.put("ANSIBLE_NOCOLOR", "true");
        environment.put("ANSIBLE_NOCOWS", "true");
        environment.put("ANSIBLE_RETRY_FILES_ENABLED", "false");
        environment.put("ANSIBLE_HOST_KEY_CHECKING", "true");
        environment.put("ANSIBLE_PIPELINING", "true");
        environment.put("ANSIBLE_INVENTORY_UNPARSED_FAILED", "true");
        environment.put("ANSIBLE_DEPRECATION_WARNINGS", "false");
        if (configuredRolesPath().isEmpty()) {
            environment.put("ANSIBLE_ROLES_PATH", repository.resolve("roles").toString());
        }
        return environment;
    }

    /** What makes Ansible write its events for us, beside {@link #environment()}. */
    public Map<String, String> callbackEnvironment() {
        return Map.of(
                "ANSIBLE_STDOUT_CALLBACK",
                "skein_events",
                "ANSIBLE_CALLBACK_PLUGINS",
                workDir.resolve("ansible/callback_plugins").toString());
    }

    private Optional<String> configuredRolesPath() {
        Path file = repository.resolve("ansible.cfg");
        try {
            return Files.isRegularFile(file)
                    ? ROLES_PATH
                            .matcher(Files.readString(file))
                            .results()
                            .map(m -> m.group(1))
                            .findFirst()
                    : Optional.empty();
        } catch (IOException e) {
            LOG.warnf("%s is not readable: %s", file, e.getMessage());
            return Optional.empty();
        }
    }

    private void unpack(String script) throws IOException {
        Path target = workDir.resolve(script);
        Files.createDirectories(target.getParent());
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(script)) {
            if (in == null) {
                throw new IOException(script + " is missing in the application");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** {@code .skein/ansible/bin} of the checkout we run in, for development and tests. */
    private static Optional<Path> checkoutVenv() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path bin = folder.resolve(".skein/ansible/bin");
            if (Files.isExecutable(bin.resolve("ansible-playbook"))) {
                return Optional.of(bin);
            }
        }
        return Optional.empty();
    }

    private static Stream<Path> pathFolders() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(p -> !p.isEmpty())
                .map(Path::of);
    }
}
