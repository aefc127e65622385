package io.skein.lockclient;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The calls of the lock service, one request each, for those who keep their locks by themselves: in a database, over restarts.
 *
 * <p>Each throws {@link LockRefusedException} when the service says no and {@link LockUnreachableException} when it says nothing. An
 * interrupted thread is unreachable, too, and stays interrupted.
 */
public final class LockCalls {

    private static final int MAX_PAGE = 200;
    private static final int SERVER_ERROR = 500;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final HttpClient http;
    private final URI base;
    private final Supplier<String> token;
    private final Supplier<String> traceparent;

    private record Items(List<Lock> items) {}

    private record Queue(List<Place> queue) {}

    /**
     * @param http null for one that takes the machine's certificates
     * @param service the address of the lock service, without a path
     * @param token the access token, asked for with each call
     * @param traceparent W3C trace header of a call; may give null
     */
    public LockCalls(HttpClient http, URI service, Supplier<String> token, Supplier<String> traceparent) {
        this.http = http != null
                ? http
                : HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .build();
        this.base = URI.create(service.toString().replaceAll("/+$", "") + "/api/v1/locks");
        this.token = token;
        this.traceparent = traceparent;
    }

    /** The same, its calls being part of a trace. */
    public LockCalls inTrace(String header) {
        return new LockCalls(http, URI.create(base.toString().replace("/api/v1/locks", "")), token, () -> header);
    }

    /**
     * Asks for a lock.
     *
     * @param wait how long this call waits, up to a minute; the place is kept for the request's patience
     * @return granted, with the lock, or waiting
     * @throws LockRefusedException {@link LockRefusedException#isHeld held} when it is not to be had in the time given
     */
    public Place acquire(LockRequest request, Duration wait) {
        long seconds = ceil(wait);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("resourceIds", request.resources());
        body.put("ownerId", request.ownerId());
        body.put("ownerType", request.ownerType());
        body.put("team", request.team());
        body.put("ttlSeconds", request.ttl().toSeconds());
        body.put("priority", request.priority());
        body.put("waitSeconds", seconds);
        body.put("queueSeconds", Math.max(seconds, ceil(request.patience())));
        body.put("requestId", request.requestId());
        body.put("metadata", request.metadata().isEmpty() ? null : request.metadata());
        body.values().removeIf(java.util.Objects::isNull);
        JsonNode answer = call("POST", "", body, wait);
        if (answer.path("status").asText().equals("waiting")) {
            return read(answer, Place.class);
        }
        Lock lock = read(answer, Lock.class);
        return new Place(lock.id(), "granted", null, lock.resourceIds(), lock.ownerId(), lock);
    }

    /** What has become of a place, waiting for it up to a minute; asking keeps it. */
    public Place place(String id, Duration wait) {
        return read(call("GET", "/queue/" + segment(id) + "?waitSeconds=" + ceil(wait), null, wait), Place.class);
    }

    public Lock renew(String id, Duration ttl) {
        return read(
                call("POST", "/" + segment(id) + "/renew", Map.of("ttlSeconds", ttl.toSeconds()), Duration.ZERO),
                Lock.class);
    }

    public void release(String id) {
        call("DELETE", "/" + segment(id), null, Duration.ZERO);
    }

    public void leaveQueue(String place) {
        call("DELETE", "/queue/" + segment(place), null, Duration.ZERO);
    }

    /** What an owner holds, the newest 200. */
    public List<Lock> held(String ownerId, String team) {
        String query =
                "?size=" + MAX_PAGE + "&owner=" + segment(ownerId) + (team == null ? "" : "&team=" + segment(team));
        Items answer = read(call("GET", query, null, Duration.ZERO), Items.class);
        return answer == null || answer.items() == null ? List.of() : answer.items();
    }

    /** Who waits for a resource, in order. */
    public List<Place> queue(String resource, String team) {
        String query = team == null ? "" : "?team=" + segment(team);
        Queue answer = read(call("GET", "/resources/" + segment(resource) + query, null, Duration.ZERO), Queue.class);
        return answer == null || answer.queue() == null ? List.of() : answer.queue();
    }

    private JsonNode call(String method, String path, Object body, Duration wait) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(wait.plus(ANSWER))
                .header("Authorization", "Bearer " + token.get())
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(bytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        String trace = traceparent.get();
        if (trace != null) {
            request.header("traceparent", trace);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = tree(response.body());
            if (response.statusCode() >= SERVER_ERROR) {
                throw new LockUnreachableException(
                        "The lock service answered with status " + response.statusCode(), null);
            }
            if (response.statusCode() >= 300) {
                throw new LockRefusedException(response.statusCode(), answer);
            }
            return answer;
        } catch (IOException e) {
            throw new LockUnreachableException("The lock service does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockUnreachableException("Interrupted while asking the lock service", e);
        }
    }

    private static byte[] bytes(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + body, e);
        }
    }

    private static JsonNode tree(byte[] body) {
        try {
            JsonNode tree = body.length == 0 ? null : JSON.readTree(body);
            return tree == null ? JsonNodeFactory.instance.objectNode() : tree;
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static <T> T read(JsonNode answer, Class<T> type) {
        try {
            return JSON.treeToValue(answer, type);
        } catch (JsonProcessingException e) {
            throw new LockUnreachableException(
                    "The lock service answered something else: " + e.getOriginalMessage(), e);
        }
    }

    private static long ceil(Duration time) {
        return (time.toMillis() + 999) / 1000;
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
