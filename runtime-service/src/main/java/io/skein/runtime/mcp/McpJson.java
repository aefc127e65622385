package io.skein.runtime.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.util.List;

/** What both ways to a server have in common: the versions we speak, and how a message is read that may be hostile. */
final class McpJson {

    /** Of one message, in characters. */
    static final int MAX_MESSAGE = 1024 * 1024;

    /** The last one is asked for. */
    static final List<String> VERSIONS = List.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);

    static final McpJsonMapper MAPPER = new JacksonMcpJsonMapper(new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxStringLength(MAX_MESSAGE)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));

    private McpJson() {}

    static McpSchema.JSONRPCMessage read(String text) throws IOException {
        try {
            return McpSchema.deserializeJsonRpcMessage(MAPPER, text);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a JSON-RPC message", e);
        }
    }

    static String write(McpSchema.JSONRPCMessage message) throws IOException {
        return MAPPER.writeValueAsString(message);
    }
}
