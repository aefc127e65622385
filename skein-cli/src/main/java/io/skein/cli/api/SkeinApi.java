package io.skein.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The front door's API as this command uses it. Signs in by itself, once more when a token is refused. */
public final class SkeinApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SignIn signIn;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private String token;

    public SkeinApi(SignIn signIn) {
        this.signIn = signIn;
    }

    public String url() {
        return signIn.url();
    }

    public JsonNode get(String path) {
        return json(send(() -> builder(path).GET().timeout(PATIENCE), HttpResponse.BodyHandlers.ofString()));
    }

    /** GET with query parameters; the empty ones are left out. */
    public JsonNode get(String path, Map<String, Object> query) {
        String text = query.entrySet().stream()
                .filter(entry ->
                        entry.getValue() != null && !entry.getValue().toString().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue().toString()))
                .collect(Collectors.joining("&"));
        return get(text.isEmpty() ? path : path + "?" + text);
    }

    public JsonNode post(String path, ObjectNode body, Map<String, String> headers) {
        return json(send(
                () -> {
                    HttpRequest.Builder builder = builder(path)
                            .header("Content-Type", "application/json")
                            .timeout(PATIENCE)
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
                    headers.forEach(builder::header);
                    return builder;
                },
                HttpResponse.BodyHandlers.ofString()));
    }

    public JsonNode post(String path, ObjectNode body) {
        return post(path, body, Map.of());
    }

    public void delete(String path) {
        json(send(() -> builder(path).DELETE().timeout(PATIENCE), HttpResponse.BodyHandlers.ofString()));
    }

    /** Opens a stream of server-sent events; the caller closes it. */
    InputStream events(String path, Optional<String> lastEventId) {
        HttpResponse<InputStream> response = send(
                () -> {
                    HttpRequest.Builder builder =
                            builder(path).header("Accept", "text/event-stream").GET();
                    lastEventId.ifPresent(id -> builder.header("Last-Event-ID", id));
                    return builder;
                },
                HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw problem(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw problem(response.statusCode(), "");
            }
        }
        return response.body();
    }

    /** A good access token. */
    public String token() {
        if (token == null) {
            token = signIn.fixedToken().orElseGet(this::signedIn);
        }
        return token;
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private String signedIn() {
        ObjectNode credentials = signIn.credentials()
                .orElseThrow(() -> ApiException.unreachable(
                        "Nobody is signed in; start the fleet with ./skein up, or set SKEIN_URL and SKEIN_TOKEN"
                                + " (or SKEIN_USER and SKEIN_PASSWORD)."));
        String username = credentials.path("username").asText();
        Optional<String> cached = signIn.cachedToken(username, Instant.now());
        if (cached.isPresent()) {
            return cached.get();
        }
        HttpResponse<String> response = exchange(
                HttpRequest.newBuilder(address("/auth/sign-in"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, application/problem+json")
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(credentials.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode answer = json(response);
        String accessToken = answer.path("accessToken").asText();
        signIn.cache(
                username,
                accessToken,
                Instant.now().plusSeconds(answer.path("expiresIn").asLong(60)));
        return accessToken;
    }

    private interface RequestSource {
        HttpRequest.Builder next();
    }

    private <T> HttpResponse<T> send(RequestSource source, HttpResponse.BodyHandler<T> handler) {
        HttpResponse<T> response = exchange(authorised(source), handler);
        if (response.statusCode() == 401 && signIn.fixedToken().isEmpty()) {
            signIn.forget();
            token = null;
            response = exchange(authorised(source), handler);
        }
        return response;
    }

    private HttpRequest authorised(RequestSource source) {
        return source.next().header("Authorization", "Bearer " + token()).build();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (ConnectException e) {
            throw ApiException.unreachable(
                    "Nothing answers at " + url() + "; start the fleet with ./skein up, or set SKEIN_URL.");
        } catch (HttpTimeoutException e) {
            throw ApiException.unreachable(
                    url() + " did not answer in " + PATIENCE.toSeconds() + " s; see ./skein status.");
        } catch (IOException e) {
            throw ApiException.unreachable("The connection to " + url() + " was cut (" + e.getMessage() + ").");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unreachable("Interrupted.");
        }
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(address(path)).header("Accept", "application/json, application/problem+json");
    }

    private URI address(String path) {
        try {
            return URI.create(url() + "/api/v1" + path);
        } catch (IllegalArgumentException e) {
            throw new ApiException("usage", 0, "SKEIN_URL is no address: " + url());
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            throw problem(response.statusCode(), response.body());
        }
        try {
            return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException e) {
            throw new ApiException(
                    "unreadable", response.statusCode(), "The fleet answered something that is no JSON.");
        }
    }

    private static ApiException problem(int status, String body) {
        try {
            JsonNode problem = body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
            return ApiException.of(status, problem.isObject() ? problem : JSON.createObjectNode());
        } catch (IOException e) {
            return ApiException.of(status, JSON.createObjectNode());
        }
    }
}
