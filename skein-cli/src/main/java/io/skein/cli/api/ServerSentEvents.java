package io.skein.cli.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Follows a stream of server-sent events through cuts.
 *
 * <pre>
 *   connecting --200--> reading --end, error or silence--> waiting --> connecting (with Last-Event-ID)
 *        |                 |                                  |
 *        +--refused        +--handler says enough             +--the caller says it is over
 * </pre>
 *
 * An event that was seen is not handed on again, whatever the server repeats after a reconnect.
 */
public final class ServerSentEvents {
    /** One event as it came. */
    public record Event(String id, String name, String data) {}

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final SkeinApi api;
    private final String path;
    private final Duration silence;
    private final Duration firstWait;
    private String lastId;

    /** @param silence after which a connection that says nothing is taken for dead; the server comments more often */
    public ServerSentEvents(SkeinApi api, String path, Duration silence, Duration firstWait) {
        this.api = api;
        this.path = path;
        this.silence = silence;
        this.firstWait = firstWait;
    }

    /**
     * Hands on each event until the handler has enough, or until the stream ended and it is over.
     *
     * @param handler false when it wants no more
     * @param over asked after each end of the stream
     */
    public void follow(Predicate<Event> handler, BooleanSupplier over) {
        Duration wait = firstWait;
        while (true) {
            String before = lastId;
            try (InputStream stream = api.events(path, Optional.ofNullable(lastId))) {
                if (!read(stream, handler)) {
                    return;
                }
            } catch (IOException e) {
                // Cut while closing: the same as an end.
            } catch (ApiException e) {
                boolean passing = e.code().equals(ApiException.UNREACHABLE) || e.status() >= 500;
                if (!passing || (lastId == null && e.status() == 0)) {
                    throw e;
                }
            }
            if (isOver(over)) {
                return;
            }
            wait = before == null || before.equals(lastId) ? min(wait.multipliedBy(2), LONGEST_WAIT) : firstWait;
            pause(wait);
        }
    }

    private static boolean isOver(BooleanSupplier over) {
        try {
            return over.getAsBoolean();
        } catch (ApiException e) {
            return false; // the whole fleet may be away for a moment
        }
    }

    /** False when the handler has enough. */
    private boolean read(InputStream stream, Predicate<Event> handler) {
        BlockingQueue<Optional<Event>> events = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> parse(stream, events));
        while (true) {
            Optional<Event> event;
            try {
                event = events.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (event == null || event.isEmpty()) {
                return true;
            }
            Event next = event.get();
            if (next.data().isEmpty() || isSeen(next.id())) {
                continue;
            }
            if (!next.id().isEmpty()) {
                lastId = next.id();
            }
            if (!handler.test(next)) {
                return false;
            }
        }
    }

    private boolean isSeen(String id) {
        if (lastId == null || id.isEmpty()) {
            return false;
        }
        try {
            return Long.parseLong(id) <= Long.parseLong(lastId);
        } catch (NumberFormatException e) {
            return id.equals(lastId);
        }
    }

    /** Empty at the end. A comment is handed on without data, as a sign of life. */
    private static void parse(InputStream stream, BlockingQueue<Optional<Event>> events) {
        String id = "";
        String name = "message";
        StringBuilder data = new StringBuilder();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    events.add(Optional.of(new Event(id, name, data.toString())));
                    id = "";
                    name = "message";
                    data.setLength(0);
                } else if (line.startsWith(":")) {
                    events.add(Optional.of(new Event("", "", "")));
                } else {
                    int colon = line.indexOf(':');
                    String field = colon < 0 ? line : line.substring(0, colon);
                    String value = colon < 0 ? "" : line.substring(colon + 1);
                    value = value.startsWith(" ") ? value.substring(1) : value;
                    switch (field) {
                        case "id" -> id = value;
                        case "event" -> name = value;
                        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                        default -> {
                            // retry and unknown fields do not concern us
                        }
                    }
                }
            }
        } catch (IOException e) {
            // A cut is an end; what was half sent is asked for again.
        } finally {
            events.add(Optional.empty());
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unreachable("Interrupted.");
        }
    }
}
