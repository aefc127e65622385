package io.skein.runtime.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.platform.net.OutboundHttp;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The tools of all configured servers. Without servers it does nothing, and loads nothing. */
@ApplicationScoped
class McpSkills implements SkillSource {

    private static final Logger LOG = Logger.getLogger(McpSkills.class);

    private final Map<String, McpServer> servers = new LinkedHashMap<>();
    private final Clock clock;
    private final ObjectMapper json;

    @Inject
    McpSkills(McpConfig config, OutboundHttp http, Clock clock, ObjectMapper json) {
        this(settings(config), McpServer.transports(http, System::getenv), clock, json);
        // A variable that is missing is told at the start.
        servers.values().forEach(server -> {
            server.settings().resolvedEnv(System::getenv);
            server.settings().resolvedHeaders(System::getenv);
        });
    }

    McpSkills(List<ServerSettings> settings, McpServer.Transports transports, Clock clock, ObjectMapper json) {
        this.clock = clock;
        this.json = json;
        settings.forEach(server -> servers.put(server.name(), new McpServer(server, transports)));
    }

    private static List<ServerSettings> settings(McpConfig config) {
        List<ServerSettings> settings =
                new ArrayList<>(ServerSettings.read(config.servers().orElse("")));
        Optional<String> file = config.serversFile().filter(name -> !name.isBlank());
        if (file.isPresent()) {
            if (!settings.isEmpty()) {
                throw new IllegalArgumentException(
                        "MCP servers are in SKEIN_RUNTIME_MCP_SERVERS or in SKEIN_RUNTIME_MCP_SERVERS_FILE, not in both");
            }
            try {
                settings.addAll(ServerSettings.read(Files.readString(Path.of(file.get()))));
            } catch (IOException e) {
                throw new UncheckedIOException("SKEIN_RUNTIME_MCP_SERVERS_FILE cannot be read", e);
            }
        }
        return settings;
    }

    /** Asks each for its tools, beside the start: one that is slow or away keeps nothing back. */
    void start(@Observes StartupEvent event) {
        servers.values().forEach(server -> Thread.ofVirtual()
                .name("mcp-" + server.settings().name() + "-start")
                .start(() -> {
                    try {
                        server.tools(McpServer.LONGEST_START);
                    } catch (McpServer.Away | RuntimeException e) {
                        LOG.debugf("%s", e.getMessage());
                    }
                }));
    }

    void stop(@Observes ShutdownEvent event) {
        close();
    }

    void close() {
        servers.values().forEach(McpServer::close);
    }

    @Override
    public Optional<Skill> find(String name) {
        if (!name.startsWith(McpTool.PREFIX)) {
            return Optional.empty();
        }
        String rest = name.substring(McpTool.PREFIX.length());
        int dot = rest.indexOf('.');
        McpServer server = dot < 0 ? null : servers.get(rest.substring(0, dot));
        String tool = rest.substring(dot + 1);
        return server == null || tool.isEmpty() || !server.settings().offers(tool)
                ? Optional.empty()
                : Optional.of(new McpTool(server, tool, clock, json));
    }

    @Override
    public List<Skill> known() {
        List<Skill> skills = new ArrayList<>();
        servers.values().forEach(server -> server.lastTools()
                .keySet()
                .forEach(tool -> skills.add(new McpTool(server, tool, clock, json))));
        return skills;
    }
}
