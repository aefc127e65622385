package io.skein.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks, and where: SKEIN_TOKEN, else SKEIN_USER and SKEIN_PASSWORD, else what {@code ./skein up} kept. The token of a
 * sign-in is kept beside it until shortly before it expires, so that a script does not pay for a password check each call.
 */
public final class SignIn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT_URL = "http://localhost:8080";
    private static final int MARGIN_SECONDS = 30;

    private final Map<String, String> environment;
    private final Path folder;
    private final JsonNode kept;

    /** @param folder where {@code credentials.json} lies */
    public SignIn(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.folder = folder;
        this.kept = read(folder.resolve("credentials.json"));
    }

    /** The front door, without a slash at the end. */
    public String url() {
        String url = given("SKEIN_URL").orElseGet(() -> kept.path("url").asText(DEFAULT_URL));
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** A token given from outside, which cannot be renewed here. */
    Optional<String> fixedToken() {
        return given("SKEIN_TOKEN");
    }

    /** The body of a sign-in. */
    Optional<ObjectNode> credentials() {
        Optional<String> user = given("SKEIN_USER");
        Optional<String> password = given("SKEIN_PASSWORD");
        if (user.isPresent() && password.isPresent()) {
            return Optional.of(
                    JSON.createObjectNode().put("username", user.get()).put("password", password.get()));
        }
        return kept.hasNonNull("username") && kept.hasNonNull("password")
                ? Optional.of(JSON.createObjectNode()
                        .put("username", kept.get("username").asText())
                        .put("password", kept.get("password").asText()))
                : Optional.empty();
    }

    /** The token of an earlier call if it is this user's and still good. */
    Optional<String> cachedToken(String username, Instant now) {
        JsonNode cache = read(cacheFile());
        boolean usable = cache.path("url").asText().equals(url())
                && cache.path("username").asText().equals(username)
                && cache.path("expiresAt").asLong() - MARGIN_SECONDS > now.getEpochSecond();
        return usable ? Optional.of(cache.path("accessToken").asText()) : Optional.empty();
    }

    void cache(String username, String accessToken, Instant expiresAt) {
        if (!Files.isDirectory(folder)) {
            return; // a machine that only calls: nothing is left on it
        }
        ObjectNode cache = JSON.createObjectNode()
                .put("url", url())
                .put("username", username)
                .put("accessToken", accessToken)
                .put("expiresAt", expiresAt.getEpochSecond());
        try {
            Path next = Files.createTempFile(folder, "token", ".new"); // 0600
            Files.writeString(next, cache.toString());
            Files.move(next, cacheFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // Only a convenience: the next call signs in again.
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(cacheFile());
        } catch (IOException e) {
            // It is refused by the fleet anyway.
        }
    }

    private Path cacheFile() {
        return folder.resolve("token.json");
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static JsonNode read(Path file) {
        try {
            return Files.isReadable(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }
}
