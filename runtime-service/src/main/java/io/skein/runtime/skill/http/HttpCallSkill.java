package io.skein.runtime.skill.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.net.OutboundHttp;
import io.skein.platform.net.RefusedAddressException;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code http.call}: what the definition names and the operator's outbound policy opens, at each hop. No credentials: what needs one is
 * an MCP server's business, which keeps it.
 */
@ApplicationScoped
class HttpCallSkill implements Skill {

    private static final int MAX_REQUEST_BODY = 256 * 1024;
    private static final int MAX_OUTPUT = 32 * 1024;
    private static final Set<String> READS = Set.of("GET");
    private static final List<String> SHOWN =
            List.of("content-type", "etag", "last-modified", "location", "retry-after");

    /** Who speaks, for whom, and how the message is framed is ours to say. */
    private static final Set<String> NOT_YOURS = Set.of(
            "authorization",
            "connection",
            "content-length",
            "cookie",
            "expect",
            "forwarded",
            "host",
            "http2-settings",
            "idempotency-key",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "x-api-key",
            "x-http-method-override");

    private static final ObjectNode INPUT = SkillSchema.of("""
            {"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
              "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
              "url": {"type": "string", "maxLength": 2000, "description": "Absolute http(s) address that the agent's permissions name"},
              "headers": {"type": "object", "maxProperties": 20, "additionalProperties": {"type": "string", "maxLength": 500}},
              "json": {"description": "Body, sent as application/json"},
              "text": {"type": "string", "maxLength": 200000, "description": "Body, sent as text/plain; not together with json"},
              "accept": {"type": "array", "maxItems": 20, "items": {"type": "integer", "minimum": 100, "maximum": 599},
                "description": "Statuses besides 2xx that are an answer and no failure"}}}
            """);

    private final OutboundHttp http;
    private final Clock clock;
    private final ObjectMapper json;
    private final ObjectReader strict;

    @Inject
    HttpCallSkill(OutboundHttp http, Clock clock, ObjectMapper json) {
        this.http = http;
        this.clock = clock;
        this.json = json;
        this.strict = json.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public String name() {
        return "http.call";
    }

    @Override
    public String description() {
        return "Calls an HTTP address that the agent's permissions name, and gives status, headers and body of the answer.";
    }

    @Override
    public ObjectNode inputSchema() {
        return INPUT.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        ObjectNode input = call.input();
        String method = input.path("method").asText("GET");
        Duration left = Duration.between(clock.instant(), call.deadline());
        if (left.isNegative() || left.isZero()) {
            return failed(ErrorCode.UPSTREAM_TIMEOUT, "The task has no time left.", false);
        }
        try {
            byte[] body = body(input);
            if (body != null && (READS.contains(method) || body.length > MAX_REQUEST_BODY)) {
                return failed(
                        ErrorCode.VALIDATION_FAILED,
                        "A body goes with POST, PUT, PATCH and DELETE, and has at most 256 KiB.",
                        false);
            }
            Map<String, String> headers = headers(input, !READS.contains(method), call.key());
            OutboundHttp.Answer answer = http.send(
                    new OutboundHttp.Request(method, input.path("url").asText(), headers, body, left),
                    new AllowedAddresses(call.permissions().http())::check);
            return outcome(answer, input.path("accept"));
        } catch (RefusedAddressException e) {
            return failed(ErrorCode.FORBIDDEN, e.getMessage(), false);
        } catch (IllegalArgumentException e) {
            return failed(ErrorCode.VALIDATION_FAILED, e.getMessage(), false);
        } catch (IOException e) {
            return failed(ErrorCode.UPSTREAM_FAILED, "The call did not get through: " + e.getMessage(), true);
        }
    }

    /** Null for none. */
    private byte[] body(ObjectNode input) {
        if (input.has("json") && input.has("text")) {
            throw new IllegalArgumentException("A call has json or text, not both.");
        }
        if (input.has("json")) {
            return input.get("json").toString().getBytes(StandardCharsets.UTF_8);
        }
        return input.has("text") ? input.get("text").asText().getBytes(StandardCharsets.UTF_8) : null;
    }

    private static Map<String, String> headers(ObjectNode input, boolean write, String key) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("accept", "application/json, text/*;q=0.8, */*;q=0.1");
        headers.put("user-agent", "skein");
        if (input.has("json")) {
            headers.put("content-type", "application/json");
        } else if (input.has("text")) {
            headers.put("content-type", "text/plain; charset=utf-8");
        }
        for (Map.Entry<String, JsonNode> header : input.path("headers").properties()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue().asText();
            if (!name.matches("[a-z0-9-]{1,64}")
                    || NOT_YOURS.contains(name)
                    || name.startsWith("proxy-")
                    || name.startsWith("sec-")
                    || name.startsWith("x-forwarded-")) {
                throw new IllegalArgumentException("The header '"
                        + name.replaceAll("[^a-z0-9-]", "?").substring(0, Math.min(name.length(), 64))
                        + "' cannot be set.");
            }
            if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("The header '" + name + "' has a character that headers have not.");
            }
            headers.put(name, value);
        }
        if (write) {
            headers.put("idempotency-key", key);
        }
        return headers;
    }

    private SkillOutcome outcome(OutboundHttp.Answer answer, JsonNode accepted) {
        int status = answer.status();
        boolean asked = false;
        for (JsonNode accept : accepted) {
            asked |= accept.asInt() == status;
        }
        if (!asked && (status < 200 || status > 299)) {
            return failed(
                    ErrorCode.UPSTREAM_FAILED, "The address answered " + status + ".", status == 429 || status >= 500);
        }
        ObjectNode output = json.createObjectNode();
        output.put("status", status);
        output.put("url", answer.from().toString());
        ObjectNode headers = output.putObject("headers");
        SHOWN.stream()
                .filter(answer.headers()::containsKey)
                .forEach(name -> headers.put(name, shortened(answer.headers().get(name), 500)));
        show(answer, output);
        return new SkillOutcome.Done(output);
    }

    private void show(OutboundHttp.Answer answer, ObjectNode output) {
        String type = answer.headers().getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        String media = type.split(";", 2)[0].strip();
        if (media.equals("application/json") || media.endsWith("+json")) {
            try {
                if (answer.body().length <= MAX_OUTPUT) {
                    output.set("json", strict.readTree(answer.body()));
                    return;
                }
            } catch (JsonProcessingException e) {
                output.put("note", "called JSON, and is none");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        // What is no text does not get more readable than this; nothing of it is lost to whoever fetches it elsewhere.
        String text = new String(answer.body(), 0, Math.min(answer.body().length, MAX_OUTPUT), StandardCharsets.UTF_8);
        output.put("text", text.replaceAll("[\\p{Cntrl}&&[^\\r\\n\\t]]", "\uFFFD"));
        if (answer.body().length > MAX_OUTPUT) {
            output.put("truncated", true);
        }
    }

    private static String shortened(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max);
    }

    private static SkillOutcome.Failed failed(ErrorCode code, String message, boolean mayPass) {
        return new SkillOutcome.Failed(code.code(), message, mayPass);
    }
}
