package io.skein.local.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.local.FleetException;
import io.skein.local.PropertyFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes the first administrator with the one-time token and keeps its sign-in for the command line. */
final class FirstSignIn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALPHABET =
            "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // nothing that looks alike
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;

    FirstSignIn(Path directory) {
        this.file = directory.resolve("credentials.json");
    }

    /** Who signs in where. */
    record Credentials(String url, String username, String password) {}

    /** The kept sign-in, made now if nobody has an account yet; empty when somebody else made the accounts. */
    Optional<Credentials> ensure(String url, String setupToken) {
        Optional<Credentials> kept = read();
        if (kept.isPresent()) {
            Credentials current =
                    new Credentials(url, kept.get().username(), kept.get().password());
            if (!current.equals(kept.get())) {
                write(current); // the front door moved to another port
            }
            // Kept before it was redeemed, so that a cut in between cannot lock anybody out.
            setUp(current, setupToken);
            return Optional.of(current);
        }
        Credentials fresh = new Credentials(url, "admin", password());
        write(fresh);
        if (!setUp(fresh, setupToken)) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new FleetException("Cannot remove " + file + ".", e);
            }
            return Optional.empty();
        }
        return Optional.of(fresh);
    }

    Optional<Credentials> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(file.toFile(), Credentials.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new FleetException(
                    "The kept sign-in " + file + " cannot be read; remove it and sign in by the web page.", e);
        }
    }

    /** False when there are accounts already. */
    private boolean setUp(Credentials credentials, String token) {
        ObjectNode body = JSON.createObjectNode()
                .put("token", token)
                .put("username", credentials.username())
                .put("password", credentials.password());
        HttpRequest request = HttpRequest.newBuilder(URI.create(credentials.url() + "/api/v1/auth/setup"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(15))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status >= 200 && status < 300) {
                return true;
            }
            if (status == 404 || status == 409 || status == 410 || status == 403) {
                return false; // redeemed before
            }
            throw new FleetException(
                    "The front door refuses to make the first account (" + status + "): " + response.body());
        } catch (IOException e) {
            throw new FleetException("The front door does not answer: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private void write(Credentials credentials) {
        try {
            PropertyFile.writePrivately(
                    file,
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(Map.of(
                                    "url", credentials.url(),
                                    "username", credentials.username(),
                                    "password", credentials.password())));
        } catch (IOException e) {
            throw new FleetException("Cannot write " + file + ".", e);
        }
    }

    private static String password() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            password.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
