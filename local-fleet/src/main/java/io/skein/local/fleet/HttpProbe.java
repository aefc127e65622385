package io.skein.local.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks a service whether it is ready. */
final class HttpProbe implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** The answer: ready, or what is not. */
    record Readiness(boolean ready, String detail) {}

    Readiness ready(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/q/health/ready"))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? new Readiness(true, "")
                    : new Readiness(false, failedChecks(response.body(), response.statusCode()));
        } catch (IOException e) {
            return new Readiness(false, "does not answer yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Readiness(false, "interrupted");
        }
    }

    private static String failedChecks(String body, int status) {
        try {
            List<String> failed = new ArrayList<>();
            for (JsonNode check : JSON.readTree(body).path("checks")) {
                if (!check.path("status").asText().equals("UP")) {
                    failed.add(check.path("name").asText());
                }
            }
            return failed.isEmpty() ? "answers " + status : "not ready: " + String.join(", ", failed);
        } catch (IOException e) {
            return "answers " + status;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
