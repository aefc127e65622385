package io.skein.frontdoor.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Two WebSockets joined: what one says the other hears, frame by frame and no faster than it reads, until either closes. Both run
 * on one event loop, so nothing here is shared between threads.
 */
final class WebSocketPair {

    private static final Logger LOG = Logger.getLogger(WebSocketPair.class);
    private static final short GOING_AWAY = 1001;
    private static final short POLICY = 1008;
    private static final short TOO_BIG = 1009;
    private static final short UNEXPECTED = 1011;

    private final Vertx vertx;
    private final Side client;
    private final Side service;
    private final long maxMessage;
    private final long idleNanos;
    private final BooleanSupplier stillAllowed;
    private final Runnable over;
    private long timer;
    private boolean ended;

    private static final class Side {
        private final String name;
        private final WebSocketBase socket;
        private final short whenGone;
        private long heard = System.nanoTime();
        private long messageSize;

        private Side(String name, WebSocketBase socket, short whenGone) {
            this.name = name;
            this.socket = socket;
            this.whenGone = whenGone;
        }
    }

    /**
     * @param stillAllowed asked now and then: whether the token is still good
     * @param over run once, when it is over
     */
    WebSocketPair(
            Vertx vertx,
            WebSocketBase client,
            WebSocketBase service,
            WebSocketConfig config,
            BooleanSupplier stillAllowed,
            Runnable over) {
        this.vertx = vertx;
        this.client = new Side("client", client, GOING_AWAY);
        this.service = new Side("service", service, UNEXPECTED);
        this.maxMessage = config.maxMessage().asLongValue();
        this.idleNanos = config.idle().toNanos();
        this.stillAllowed = stillAllowed;
        this.over = over;
    }

    void join() {
        pump(client, service);
        pump(service, client);
        long pause = Math.max(100, Duration.ofNanos(idleNanos).toMillis() / 3);
        timer = vertx.setPeriodic(pause, id -> look());
        client.socket.resume();
        service.socket.resume();
    }

    private void pump(Side from, Side to) {
        from.socket.frameHandler(frame -> pass(from, to, frame));
        from.socket.pongHandler(pong -> from.heard = System.nanoTime());
        from.socket.exceptionHandler(e -> LOG.debugf("WebSocket of the %s: %s", from.name, e.getMessage()));
        from.socket.closeHandler(closed -> {
            Short code = from.socket.closeStatusCode();
            String reason = from.socket.closeReason();
            boolean told = code != null && maySend(code);
            end(to, told ? code : from.whenGone, told ? reason : "the " + from.name + " is gone");
        });
    }

    private void pass(Side from, Side to, WebSocketFrame frame) {
        from.heard = System.nanoTime();
        // What was still in the buffers when either side closed has nobody to go to.
        if (ended || to.socket.isClosed()) {
            return;
        }
        if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
            return;
        }
        long size = frame.binaryData().length();
        from.messageSize = frame.isContinuation() ? from.messageSize + size : size;
        if (from.messageSize > maxMessage) {
            end(from, TOO_BIG, "at most " + maxMessage + " bytes a message");
            return;
        }
        // As it came: a character may be cut in two by a frame's end, so the text is not touched.
        to.socket.writeFrame(frame);
        if (to.socket.writeQueueFull()) {
            from.socket.pause();
            to.socket.drainHandler(drained -> from.socket.resume());
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (!stillAllowed.getAsBoolean()) {
            end(client, POLICY, "the token is over, connect again with a new one");
        } else if (now - client.heard > idleNanos || now - service.heard > idleNanos) {
            end(client, GOING_AWAY, "nothing was heard for too long");
        } else {
            client.socket.writePing(Buffer.buffer("skein"));
            service.socket.writePing(Buffer.buffer("skein"));
        }
    }

    /** Closes both; the given one with the given words. */
    private void end(Side toldFirst, short code, String reason) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(timer);
        over.run();
        Side other = toldFirst == client ? service : client;
        close(toldFirst, code, reason);
        close(other, other.whenGone, "the other side is gone");
    }

    private static void close(Side side, short code, String reason) {
        if (!side.socket.isClosed()) {
            side.socket
                    .close(code, reason == null ? "" : reason)
                    .onFailure(e -> LOG.debugf("closing the WebSocket of the %s: %s", side.name, e.getMessage()));
            // Paused, it would never see the other's close frame.
            side.socket.resume();
        }
    }

    /** 1005, 1006 and 1015 only say that there was no code (RFC 6455, section 7.4). */
    private static boolean maySend(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1011 || code >= 3000 && code <= 4999;
    }
}
