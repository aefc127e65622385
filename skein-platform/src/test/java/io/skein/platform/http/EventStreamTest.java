package io.skein.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.platform.http.EventStream.ReaderGoneException;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each way a connection has of saying that its reader is gone; none is a fault of ours. */
class EventStreamTest {

    /** Says it is open, as the real one does until the moment it is written to. */
    private record Sink(Supplier<CompletionStage<?>> sending) implements SseEventSink {
        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public CompletionStage<?> send(OutboundSseEvent event) {
            return sending.get();
        }

        @Override
        public void close() {}
    }

    private static ReaderGoneException gone(Supplier<CompletionStage<?>> sending) {
        try (EventStream stream = new EventStream(new Sink(sending), Duration.ofMillis(50))) {
            assertTrue(stream.isOpen());
            return assertThrows(ReaderGoneException.class, () -> stream.send(null));
        }
    }

    @Test
    void aReaderWhoHungUpIsNotAFault() {
        assertEquals(
                "IllegalStateException: Already closed",
                gone(() -> {
                            throw new IllegalStateException("Already closed");
                        })
                        .getMessage());
        assertEquals(
                "IOException: Connection was closed",
                gone(() -> CompletableFuture.failedFuture(new IOException("Connection was closed")))
                        .getMessage());
    }

    @Test
    void aReaderWhoTakesNothingIsGivenUp() {
        assertEquals("TimeoutException: null", gone(CompletableFuture::new).getMessage());
    }
}
