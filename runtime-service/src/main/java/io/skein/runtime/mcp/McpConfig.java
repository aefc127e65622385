package io.skein.runtime.mcp;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** MCP servers whose tools agents may have. */
@ConfigMapping(prefix = "skein.runtime.mcp")
interface McpConfig {

    /** A JSON array of servers, see docs/skills.md. {@code SKEIN_RUNTIME_MCP_SERVERS}. */
    Optional<String> servers();

    /** A file with such an array, for what is too long for a variable. {@code SKEIN_RUNTIME_MCP_SERVERS_FILE}. */
    Optional<String> serversFile();
}
