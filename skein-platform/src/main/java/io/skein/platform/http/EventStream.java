package io.skein.platform.http;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream of server-sent events to one reader, who may hang up at any moment, or stop reading. */
public final class EventStream implements AutoCloseable {

    /** The reader is not there any more, or takes nothing; nobody is left to be told. */
    public static final class ReaderGoneException extends Exception {
        private static final long serialVersionUID = 1L;

        ReaderGoneException(Throwable cause) {
            super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
        }
    }

    private final SseEventSink sink;
    private final Duration longest;

    /** @param longest how long a reader may take for one event */
    public EventStream(SseEventSink sink, Duration longest) {
        this.sink = sink;
        this.longest = longest;
    }

    public boolean isOpen() {
        return !sink.isClosed();
    }

    /**
     * Returns when the connection has taken the event.
     *
     * @throws ReaderGoneException when the reader has hung up, or did not take it in time
     */
    public void send(OutboundSseEvent event) throws ReaderGoneException, InterruptedException {
        try {
            sink.send(event).toCompletableFuture().get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ReaderGoneException(e.getCause());
        } catch (TimeoutException | IllegalStateException e) {
            // The latter: hung up since it was asked whether it is open.
            throw new ReaderGoneException(e);
        }
    }

    @Override
    public void close() {
        sink.close();
    }
}
