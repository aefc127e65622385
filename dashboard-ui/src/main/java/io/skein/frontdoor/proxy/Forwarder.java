package io.skein.frontdoor.proxy;

import io.quarkus.runtime.configuration.MemorySize;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.tls.FleetTls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Passes one request to a service and its answer back, part by part, no faster than the slower side reads. Event streams have
 * connections of their own, so that a thousand of them cannot starve the calls.
 */
@ApplicationScoped
class Forwarder {

    private static final Logger LOG = Logger.getLogger(Forwarder.class);

    @Inject
    Vertx vertx;

    @Inject
    UpstreamConfig config;

    @Inject
    FleetTls tls;

    @ConfigProperty(name = "quarkus.http.limits.max-body-size")
    MemorySize maxBody;

    private HttpClient reads;
    private HttpClient writes;
    private HttpClient streams;

    @PostConstruct
    void open() {
        int connectTimeout = Math.toIntExact(config.connectTimeout().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(connectTimeout)
                .setKeepAliveTimeout(20)
                .setMaxHeaderSize(32 * 1024)
                .setMaxWaitQueueSize(config.maxWaiting())
                .setDecompressionSupported(false);
        tls.trustManager().ifPresent(trust -> options.setTrustOptions(TrustOptions.wrap(trust)));
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(config.maxConnections());
        reads = vertx.createHttpClient(options, pool);
        // A kept connection may be closed by the service at the very moment it is used again. A read is then simply
        // asked
        // again; for a write nobody could tell whether it was done. So each write has a connection of its own.
        writes = vertx.createHttpClient(new HttpClientOptions(options).setKeepAlive(false), pool);
        streams = vertx.createHttpClient(
                new HttpClientOptions(options).setMaxWaitQueueSize(0),
                new PoolOptions().setHttp1MaxSize(config.maxStreams()));
    }

    @PreDestroy
    void close() {
        reads.close();
        writes.close();
        streams.close();
    }

    /** A call of a service that is going on. */
    private static final class Call {

        final HttpClientRequest outgoing;
        volatile boolean over;

        Call(HttpClientRequest outgoing) {
            this.outgoing = outgoing;
        }

        /**
         * Ends it. One that is over may have left its connection to the next, and to reset it then would close that connection.
         */
        void abort() {
            if (!over) {
                outgoing.reset();
            }
        }
    }

    void forward(RoutingContext context, Service service) {
        HttpServerRequest request = context.request();
        request.pause();
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            context.response().writeContinue();
        }
        if (!hasBody(request)) {
            send(context, service, Optional.empty(), isSafe(request.method()) ? 1 : 0);
        } else if (request.getHeader("content-length") != null) {
            // Its length was checked before it came here.
            send(context, service, Optional.empty(), 0);
        } else {
            collected(context, service);
        }
    }

    /**
     * The same for strangers: the service hears of it when its body is here, so that nobody holds one of the few connections by
     * sending slowly.
     */
    void forwardRead(RoutingContext context, Service service) {
        HttpServerRequest request = context.request();
        request.pause();
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            context.response().writeContinue();
        }
        if (!hasBody(request)) {
            send(context, service, Optional.empty(), 0);
            return;
        }
        long timer = vertx.setTimer(
                config.responseTimeout().toMillis(), id -> context.response().reset());
        collected(context, service).onComplete(read -> vertx.cancelTimer(timer));
    }

    private Future<Buffer> collected(RoutingContext context, Service service) {
        HttpServerRequest request = context.request();
        return collect(request)
                .onSuccess(body -> send(context, service, Optional.of(body), 0))
                .onFailure(e -> {
                    if (request.version() != HttpVersion.HTTP_2) {
                        context.response().putHeader("Connection", "close");
                    }
                    Problems.answer(
                            context,
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "At most " + maxBody.asLongValue() + " bytes are read here.");
                });
    }

    /** A body without a length is read first, or its excess would be noticed when the service has half of it. */
    private Future<Buffer> collect(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > maxBody.asLongValue()) {
                request.pause();
                whole.tryFail("too large");
            } else {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(end -> whole.tryComplete(body));
        request.resume();
        return whole.future();
    }

    private void send(RoutingContext context, Service service, Optional<Buffer> body, int retries) {
        HttpServerRequest request = context.request();
        URI url = service.url(config);
        boolean stream = isStream(request);
        String query = request.query();
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setSsl("https".equals(url.getScheme()))
                .setHost(url.getHost())
                .setPort(port(url))
                .setURI(request.path() + (query == null ? "" : "?" + query))
                .setHeaders(Headers.forService(request, RequestTrace.of(context)))
                .setConnectTimeout(config.connectTimeout().toMillis());
        client(request, stream)
                .request(options)
                .onFailure(e -> failed(context, service, e))
                .onSuccess(outgoing -> exchange(context, service, outgoing, body, stream, retries));
    }

    private void exchange(
            RoutingContext context,
            Service service,
            HttpClientRequest outgoing,
            Optional<Buffer> body,
            boolean stream,
            int retries) {
        HttpServerRequest request = context.request();
        outgoing.exceptionHandler(e -> LOG.debugf("call of %s ended: %s", service.wire(), e.getMessage()));
        if (context.response().closed()) {
            outgoing.reset();
            return;
        }
        long timeout = (service.answersLate() ? config.longCallTimeout() : config.responseTimeout()).toMillis();
        long timer = vertx.setTimer(timeout, id -> {
            // Answered first: the reset below fails the exchange, and that would be told as "cannot be reached".
            Problems.answer(
                    context,
                    ErrorCode.UPSTREAM_TIMEOUT,
                    "The " + service.wire() + " did not answer within " + timeout / 1000 + " s.");
            outgoing.reset();
        });
        Call call = new Call(outgoing);
        // Whoever asked is gone: the service should stop too.
        context.addEndHandler(end -> {
            vertx.cancelTimer(timer);
            if (end.failed()) {
                call.abort();
            }
        });
        outgoing.response().onComplete(answer -> {
            vertx.cancelTimer(timer);
            if (answer.succeeded()) {
                passBack(context, service, call, answer.result(), stream, timeout);
            } else if (retries > 0
                    && !context.response().ended()
                    && !context.response().closed()
                    && isClosed(answer.cause())) {
                // A kept-alive connection the service closed at the same moment; nothing was lost by asking again.
                send(context, service, body, retries - 1);
            } else {
                failed(context, service, answer.cause());
            }
        });
        if (body.isPresent()) {
            outgoing.send(body.get());
        } else if (hasBody(request)) {
            outgoing.putHeader("Content-Length", request.getHeader("content-length"));
            request.pipe().endOnFailure(false).to(outgoing).onFailure(e -> outgoing.reset());
        } else {
            outgoing.end();
        }
    }

    private void passBack(
            RoutingContext context,
            Service service,
            Call call,
            HttpClientResponse answer,
            boolean stream,
            long timeout) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            call.abort();
            return;
        }
        answer.pause();
        response.setStatusCode(answer.statusCode());
        Headers.fromService(answer.headers(), base(service.url(config)), response.headers());
        if (!response.headers().contains("Cache-Control")) {
            response.putHeader("Cache-Control", "no-store");
        }
        boolean bodiless = context.request().method() == HttpMethod.HEAD
                || answer.statusCode() == 204
                || answer.statusCode() == 304;
        if (!bodiless && !response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        Future<Void> whole = answer.end().onComplete(end -> call.over = true);
        if (!stream) {
            long progress = watch(response, call, timeout);
            whole.onComplete(end -> vertx.cancelTimer(progress));
        }
        answer.pipe().endOnFailure(false).to(response).onFailure(e -> {
            // The head is out already: only a broken connection tells the client that the rest is missing.
            LOG.debugf("answer of %s cut: %s", service.wire(), e.getMessage());
            call.abort();
            context.request().connection().close();
        });
    }

    /** Gives an answer up that has not grown for that long. Vert.x' own idle time-out goes on after the answer's end. */
    private long watch(HttpServerResponse response, Call call, long timeout) {
        AtomicLong written = new AtomicLong(-1);
        return vertx.setPeriodic(timeout, id -> {
            long now = response.bytesWritten();
            if (written.getAndSet(now) == now) {
                vertx.cancelTimer(id);
                call.abort();
            }
        });
    }

    private void failed(RoutingContext context, Service service, Throwable cause) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        String kind = cause.getClass().getSimpleName();
        if (kind.contains("PoolTooBusy")) {
            LOG.warnf("%s has all its connections in use", service.wire());
            Problems.answer(context, ErrorCode.UNAVAILABLE, "The " + service.wire() + " has too much to do right now.");
        } else {
            LOG.warnf("%s does not answer at %s: %s", service.wire(), service.url(config), cause.getMessage());
            Problems.answer(
                    context,
                    kind.contains("Timeout") && !kind.contains("Connect")
                            ? ErrorCode.UPSTREAM_TIMEOUT
                            : ErrorCode.UPSTREAM_FAILED,
                    "The " + service.wire() + " cannot be reached; 'skein status' shows what runs.");
        }
    }

    private HttpClient client(HttpServerRequest request, boolean stream) {
        return stream ? streams : isSafe(request.method()) ? reads : writes;
    }

    private static boolean isClosed(Throwable cause) {
        return cause.getClass().getSimpleName().contains("Closed")
                || cause instanceof IOException io
                        && String.valueOf(io.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("reset");
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        return length != null && !length.equals("0") || request.getHeader("transfer-encoding") != null;
    }

    private static boolean isSafe(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS;
    }

    static boolean isStream(HttpServerRequest request) {
        String accept = request.getHeader("accept");
        return accept != null && accept.contains("text/event-stream");
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    private static String base(URI url) {
        return url.getScheme() + "://" + url.getAuthority();
    }
}
