package io.skein.e2e.locks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;

/** The lock API, as bare as can be: what a client library would mend must not be mended here. */
final class LockApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final Supplier<String> bearer;

    LockApi(HttpClient http, Supplier<String> bearer) {
        this.http = http;
        this.bearer = bearer;
    }

    record Answer(int status, JsonNode body) {}

    /** @throws IOException when nobody knows what became of it */
    Answer call(String base, String method, String path, Object body, Duration limit)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(limit)
                .header("Authorization", "Bearer " + bearer.get())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        return new Answer(
                answer.statusCode(), answer.body().length == 0 ? JSON.missingNode() : JSON.readTree(answer.body()));
    }
}
