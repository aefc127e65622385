package io.skein.e2e;

import io.skein.e2e.MatrixTable.Expected;
import io.skein.e2e.MatrixTable.Row;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Asks every row of the table on behalf of everybody, and complains about each answer that is another one. */
final class EndpointMatrix {

    private static final int MOST_READ = 4_000_000;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Function<Who, String> tokens;
    private final Things things;
    private final List<String> complaints = new ArrayList<>();
    private int passed;

    /** The things rows are about. */
    interface Things {

        /**
         * Puts ids for the names in braces.
         *
         * @param fresh whether a name with an exclamation mark is to be a thing made for this one question
         */
        String fill(String template, boolean fresh);
    }

    record Answer(int status, String text) {}

    /**
     * @param tokens what each sends as a bearer token, null for nothing
     */
    EndpointMatrix(Function<Who, String> tokens, Things things) {
        this.tokens = tokens;
        this.things = things;
    }

    /**
     * Asks one row at one address.
     *
     * @param instead answers that are other ones at this address
     */
    void ask(Row row, String where, String base, Map<Who, Expected> instead) {
        Map<Who, Expected> answers = new EnumMap<>(row.expected());
        instead.forEach(answers::replace);
        // First all who are refused: what somebody else may have ended afterwards proves nothing.
        List<Who> order = new ArrayList<>(answers.keySet());
        order.sort(Comparator.comparing(who -> !answers.get(who).isRefusal()));
        for (Who who : order) {
            Expected expected = answers.get(who);
            Optional<String> wrong = wrong(row, who, base, expected);
            if (wrong.isPresent()) {
                complaints.add(row + " " + where + ", " + who + ": " + wrong.get());
            } else {
                passed++;
            }
        }
    }

    private Optional<String> wrong(Row row, Who who, String base, Expected expected) {
        // Who is refused is refused something that exists and stays.
        boolean fresh = !expected.isRefusal();
        String target = things.fill(row.target(), fresh);
        // Before asking: the thing is made when it is first named.
        String marker = expected.marked().isPresent() ? things.fill(row.marker(), false) : null;
        Answer answer = send(row, base + target, tokens.apply(who), fresh);
        if (!expected.fits(answer.status())) {
            String wanted = expected.status() == 0 ? "letting in" : String.valueOf(expected.status());
            return Optional.of("answered " + answer.status() + " instead of " + wanted + " to " + target + ": "
                    + shortened(answer.text()));
        }
        if (expected.marked().isPresent()) {
            boolean found = answer.text().contains(marker);
            if (found != expected.marked().get()) {
                return Optional.of((found ? "shows " : "does not show ") + marker + " at " + target + ": "
                        + shortened(answer.text()));
            }
        }
        return Optional.empty();
    }

    private Answer send(Row row, String url, String token, boolean fresh) {
        String body = row.body() == null ? "" : things.fill(row.body(), fresh);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(70))
                .method(
                        row.operation().method(),
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header(
                    "Content-Type", body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                return new Answer(response.statusCode(), new String(in.readNBytes(MOST_READ), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(row + " " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    List<String> complaints() {
        return complaints;
    }

    int passed() {
        return passed;
    }
}
