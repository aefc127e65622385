package io.skein.frontdoor.limits;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * One connection to Redis that all requests share, each sent without waiting for the answer to the one before.
 *
 * <pre>
 *   connecting ──► up ──error, silence over the timeout──► away ──every retry: a new connection, script loaded──► up
 * </pre>
 *
 * While it is away a call fails at once and touches no socket; only a timer looks for Redis. It has a client of its own because a
 * connection that fell silent must be closed for good, and a pooled one would be handed to the next caller.
 */
final class RedisLink implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RedisLink.class);
    private static final int MAX_IN_FLIGHT = 16_384;

    private final Vertx vertx;
    private final Context home;
    private final Supplier<RedisOptions> options;
    private final String scriptText;
    private final Duration timeout;
    private final Duration retry;
    private final AtomicReference<Future<Up>> state = new AtomicReference<>();
    private volatile boolean closed;

    /** A connection whose Redis has the script. */
    private record Up(Redis client, RedisConnection connection, String sha) {}

    /** The script as a command names it. */
    record Script(boolean bySha, String text) {}

    RedisLink(Vertx vertx, Supplier<RedisOptions> options, String scriptText, Duration timeout, Duration retry) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.options = options;
        this.scriptText = scriptText;
        this.timeout = timeout;
        this.retry = retry;
        Promise<Up> first = Promise.promise();
        state.set(first.future());
        home.runOnContext(start -> connect().onComplete(result -> {
            first.handle(result);
            if (result.succeeded()) {
                watch(first.future());
            } else {
                gone(first.future(), result.cause());
            }
        }));
    }

    boolean isAway() {
        return state.get().failed();
    }

    /** Runs the script; where Redis does not know it any more (it was restarted), by its text. */
    Future<Response> script(Function<Script, Request> command) {
        Future<Up> current = state.get();
        if (current.failed()) {
            return Future.failedFuture(current.cause());
        }
        Promise<Response> answer = Promise.promise();
        long timer = vertx.setTimer(timeout.toMillis(), id -> {
            IllegalStateException silent = new IllegalStateException("no answer within " + timeout.toMillis() + " ms");
            // Known to be away before anybody hears of it: whoever asks next must not wait again.
            if (!answer.future().isComplete()) {
                lost(current, silent);
                answer.tryFail(silent);
            }
        });
        current.compose(up -> up.connection()
                        .send(command.apply(new Script(true, up.sha())))
                        .recover(e -> isUnknownScript(e)
                                ? up.connection().send(command.apply(new Script(false, scriptText)))
                                : Future.failedFuture(e)))
                .onComplete(result -> {
                    vertx.cancelTimer(timer);
                    if (result.succeeded()) {
                        answer.tryComplete(result.result());
                    } else if (!answer.future().isComplete()) {
                        lost(current, result.cause());
                        answer.tryFail(result.cause());
                    }
                });
        return answer.future();
    }

    private static boolean isUnknownScript(Throwable error) {
        return String.valueOf(error.getMessage()).startsWith("NOSCRIPT");
    }

    private Future<Up> connect() {
        RedisOptions own = new RedisOptions(options.get())
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(MAX_IN_FLIGHT);
        own.getNetClientOptions().setConnectTimeout(Math.toIntExact(timeout.toMillis()));
        Redis client = Redis.createClient(vertx, own);
        Promise<Up> up = Promise.promise();
        // Four times: a connection has to be greeted and the script loaded.
        long timer = vertx.setTimer(4 * timeout.toMillis(), id -> up.tryFail("no connection in time"));
        client.connect()
                .compose(connection -> connection
                        .send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(scriptText))
                        .map(sha -> new Up(client, connection, sha.toString())))
                .onSuccess(up::tryComplete)
                .onFailure(up::tryFail);
        return up.future().onComplete(result -> vertx.cancelTimer(timer)).onFailure(e -> client.close());
    }

    private void watch(Future<Up> current) {
        RedisConnection connection = current.result().connection();
        connection.exceptionHandler(e -> lost(current, e));
        connection.endHandler(end -> lost(current, new IllegalStateException("the connection was closed")));
    }

    private void lost(Future<Up> current, Throwable cause) {
        if (!closed && state.compareAndSet(current, Future.failedFuture(cause))) {
            home.runOnContext(away -> {
                if (current.succeeded()) {
                    current.result().client().close();
                }
                gone(state.get(), cause);
            });
        }
    }

    private void gone(Future<Up> away, Throwable cause) {
        LOG.warnf(
                "Redis is away, so routes that may spend money answer 503 and the other limits are counted by this"
                        + " front door alone; looking for it every %d ms: %s",
                retry.toMillis(), String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", " "));
        lookAgain(away);
    }

    private void lookAgain(Future<Up> away) {
        vertx.setTimer(retry.toMillis(), id -> {
            if (closed) {
                return;
            }
            Future<Up> next = connect();
            next.onFailure(e -> lookAgain(away)).onSuccess(up -> {
                if (closed || !state.compareAndSet(away, next)) {
                    up.client().close();
                } else {
                    watch(next);
                    LOG.info("Redis is back, limits are counted for all front doors together again");
                }
            });
        });
    }

    @Override
    public void close() {
        closed = true;
        Future<Up> last = state.get();
        last.onSuccess(up -> up.client().close());
    }
}
