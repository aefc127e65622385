package io.skein.runtime.mcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.skein.contracts.error.ErrorCode;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A tool of a server as a skill: {@code mcp.<server>.<tool>}. What comes back is text, bounded, and nothing else. */
final class McpTool implements Skill {

    static final String PREFIX = "mcp.";

    private static final int MAX_TEXT = 32 * 1024;
    private static final int MAX_DESCRIPTION = 1000;
    private static final int MAX_SCHEMA = 20_000;
    private static final int MAX_MESSAGE = 500;

    /** For what a tool is like; what it does has its own time. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private static final ObjectNode ANYTHING = SkillSchema.of("{\"type\": \"object\"}");

    private final McpServer server;
    private final String tool;
    private final Clock clock;
    private final ObjectMapper json;

    McpTool(McpServer server, String tool, Clock clock, ObjectMapper json) {
        this.server = server;
        this.tool = tool;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public String name() {
        return PREFIX + server.settings().name() + "." + tool;
    }

    @Override
    public String description() {
        McpSchema.Tool told = told();
        String text = told == null || told.description() == null ? "" : told.description();
        String plain = text.replaceAll("[\\p{Cntrl}&&[^\\n]]", " ");
        return "Tool " + tool + " of the MCP server " + server.settings().name()
                + (plain.isBlank() ? "." : ", which says: " + shortened(plain, MAX_DESCRIPTION));
    }

    /** Any object, until the server told. */
    @Override
    public ObjectNode inputSchema() {
        McpSchema.Tool told = told();
        if (told == null || told.inputSchema() == null) {
            return ANYTHING.deepCopy();
        }
        ObjectNode schema = json.valueToTree(told.inputSchema());
        schema.properties().removeIf(member -> member.getValue().isNull());
        return schema.toString().length() > MAX_SCHEMA ? ANYTHING.deepCopy() : SkillSchema.tamed(schema);
    }

    /** Null when it is not known, and the server cannot be asked now. */
    private McpSchema.Tool told() {
        McpSchema.Tool known = server.lastTools().get(tool);
        if (known != null) {
            return known;
        }
        try {
            return server.tools(LONGEST_LOOK).get(tool);
        } catch (McpServer.Away | McpError e) {
            return null;
        }
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        Duration left = Duration.between(clock.instant(), call.deadline());
        if (left.isNegative() || left.isZero()) {
            return failed(ErrorCode.UPSTREAM_TIMEOUT, "The task has no time left.", false);
        }
        Map<String, Object> arguments = json.convertValue(call.input(), new TypeReference<>() {});
        try {
            if (!server.tools(left).containsKey(tool)) {
                return failed(ErrorCode.NOT_FOUND, "The MCP server offers no such tool.", false);
            }
            // The key lets a server that wants to know tell a repetition from a second wish.
            return outcome(server.call(
                    new McpSchema.CallToolRequest(tool, arguments, Map.of("io.skein/key", call.key())), left));
        } catch (McpServer.Away e) {
            boolean mayPass = !e.wasAsked() || isRepeatable();
            return failed(e.isLate() ? ErrorCode.UPSTREAM_TIMEOUT : ErrorCode.UPSTREAM_FAILED, e.getMessage(), mayPass);
        } catch (McpError e) {
            return failed(ErrorCode.UPSTREAM_FAILED, "The MCP server refused: " + said(e.getMessage()), false);
        }
    }

    /** A tool that may have begun is only tried again when it says that this does no harm. */
    @Override
    public boolean isRepeatable() {
        McpSchema.Tool told = server.lastTools().get(tool);
        McpSchema.ToolAnnotations hints = told == null ? null : told.annotations();
        return hints != null
                && (Boolean.TRUE.equals(hints.readOnlyHint()) || Boolean.TRUE.equals(hints.idempotentHint()));
    }

    private SkillOutcome outcome(McpSchema.CallToolResult result) {
        StringBuilder text = new StringBuilder();
        int omitted = 0;
        boolean truncated = false;
        List<McpSchema.Content> parts = result.content() == null ? List.of() : result.content();
        for (McpSchema.Content content : parts) {
            if (content instanceof McpSchema.TextContent part && part.text() != null) {
                int room = MAX_TEXT - text.length();
                truncated |= part.text().length() > room;
                text.append(part.text(), 0, Math.min(part.text().length(), Math.max(room, 0)))
                        .append('\n');
            } else {
                omitted++;
            }
        }
        String whole = text.toString().strip();
        if (Boolean.TRUE.equals(result.isError())) {
            return failed(
                    ErrorCode.UPSTREAM_FAILED,
                    "The tool failed: " + said(whole.isEmpty() ? "no reason" : whole),
                    false);
        }
        ObjectNode output = json.createObjectNode();
        output.put("text", whole);
        if (truncated) {
            output.put("truncated", true);
        }
        if (omitted > 0) {
            output.put("omitted", omitted + " parts that are no text");
        }
        if (result.structuredContent() != null) {
            JsonNode structured = json.valueToTree(result.structuredContent());
            if (structured.toString().length() <= MAX_TEXT) {
                output.set("structured", structured);
            }
        }
        return new SkillOutcome.Done(output);
    }

    private static String said(String text) {
        return shortened(text == null ? "" : text.replaceAll("\\p{Cntrl}", " "), MAX_MESSAGE);
    }

    private static String shortened(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }

    private static SkillOutcome.Failed failed(ErrorCode code, String message, boolean mayPass) {
        return new SkillOutcome.Failed(code.code(), message, mayPass);
    }
}
