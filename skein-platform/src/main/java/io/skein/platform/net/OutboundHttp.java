package io.skein.platform.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls an address that somebody gave: held against {@link OutboundPolicy} at each hop, connected to as it was resolved (the name is
 * only used for TLS and the Host header), bounded in time and size. Blocks; call it from a virtual thread.
 */
@ApplicationScoped
public class OutboundHttp {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final OutboundPolicy policy;
    private final Duration timeout;
    private final long maxBody;
    private final int maxRedirects;
    private final HttpClient client;

    /** What came back in the end, and from where. */
    public record Answer(URI from, int status, Map<String, String> headers, byte[] body) {}

    /**
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param body null for none
     * @param within for the whole call; the configured time is the longest
     */
    public record Request(String method, String url, Map<String, String> headers, byte[] body, Duration within) {}

    /** What a caller wants of each address besides the policy, before it is looked up. */
    @FunctionalInterface
    public interface Rule {

        /**
         * @throws RefusedAddressException when it may not be called
         */
        void check(String url);
    }

    private record Call(HttpMethod method, Map<String, String> headers, Optional<Buffer> body) {}

    @Inject
    public OutboundHttp(OutboundPolicy policy, OutboundConfig config, Vertx vertx) {
        this(
                policy,
                config.timeout(),
                config.maxBody().asLongValue(),
                config.maxRedirects(),
                vertx,
                new HttpClientOptions());
    }

    OutboundHttp(
            OutboundPolicy policy,
            Duration timeout,
            long maxBody,
            int maxRedirects,
            Vertx vertx,
            HttpClientOptions options) {
        this.policy = policy;
        this.timeout = timeout;
        this.maxBody = maxBody;
        this.maxRedirects = maxRedirects;
        this.client = vertx.createHttpClient(options.setKeepAlive(false)
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setConnectTimeout(Math.toIntExact(timeout.toMillis())));
    }

    public Answer get(String url, Map<String, String> headers) throws IOException {
        return follow(url, new Call(HttpMethod.GET, headers, Optional.empty()), timeout, anyUrl -> {});
    }

    public Answer post(String url, Map<String, String> headers, byte[] body) throws IOException {
        return follow(url, new Call(HttpMethod.POST, headers, Optional.of(Buffer.buffer(body))), timeout, anyUrl -> {});
    }

    /**
     * The rule is asked about the address and about each that it redirects to.
     *
     * @throws RefusedAddressException when one of them may not be called
     * @throws IOException when there is no answer, or one that is too late or too large
     */
    public Answer send(Request request, Rule rule) throws IOException {
        Optional<Buffer> body = Optional.ofNullable(request.body()).map(Buffer::buffer);
        Duration within = request.within().compareTo(timeout) < 0 ? request.within() : timeout;
        return follow(
                request.url(), new Call(HttpMethod.valueOf(request.method()), request.headers(), body), within, rule);
    }

    /**
     * @throws RefusedAddressException when the address, or one it redirects to, may not be called
     * @throws IOException when there is no answer, or one that is too late or too large
     */
    private Answer follow(String url, Call first, Duration within, Rule rule) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        rule.check(url);
        OutboundTarget target = checked(url, deadline);
        Call call = first;
        for (int hop = 0; hop <= maxRedirects; hop++) {
            Answer answer = once(target, call, deadline);
            String location = answer.headers().get("location");
            if (!REDIRECTS.contains(answer.status()) || location == null) {
                return answer;
            }
            String to = resolve(target.uri(), location);
            rule.check(to);
            OutboundTarget next = checked(to, deadline);
            if (target.tls() && !next.tls()) {
                throw new RefusedAddressException("The address redirects from https to http.");
            }
            call = redirected(call, answer.status(), target.sameOrigin(next));
            target = next;
        }
        throw new IOException("more than " + maxRedirects + " redirects");
    }

    /** The name is looked up by a thread of its own: a name server that does not answer knows no time limit and no interrupt. */
    private OutboundTarget checked(String url, long deadline) throws IOException {
        CompletableFuture<OutboundTarget> target = new CompletableFuture<>();
        Thread.ofVirtual().name("outbound-lookup").start(() -> {
            try {
                target.complete(policy.check(url));
            } catch (RuntimeException e) {
                target.completeExceptionally(e);
            }
        });
        try {
            return target.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the name was not looked up in time");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String resolve(URI from, String location) {
        try {
            return from.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw new RefusedAddressException("The address redirects to something that is none.");
        }
    }

    /** What was meant for one origin (a token, say) is not shown to another. */
    private static Call redirected(Call call, int status, boolean sameOrigin) {
        Map<String, String> headers = sameOrigin ? call.headers() : Map.of();
        // RFC 9110: 303 is read, 301 and 302 turn a POST into a GET and leave other methods as they are.
        boolean read = status == 303 || call.method() == HttpMethod.POST && (status == 301 || status == 302);
        if (call.method() == HttpMethod.GET || read) {
            return new Call(HttpMethod.GET, headers, Optional.empty());
        }
        if (!sameOrigin) {
            throw new RefusedAddressException("The address passes what it is sent on to another one.");
        }
        return call;
    }

    private Answer once(OutboundTarget target, Call call, long deadline) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new IOException("no answer in time");
        }
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(
                        target.port(), target.address().getHostAddress()))
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setMethod(call.method())
                .setURI(path(target.uri()))
                .setFollowRedirects(false);
        call.headers().forEach(options::putHeader);
        Promise<HttpClientRequest> sent = Promise.promise();
        Future<Answer> answer = client.request(options).compose(request -> {
            sent.complete(request);
            return (call.body().isPresent() ? request.send(call.body().get()) : request.send())
                    .compose(response -> read(target, response));
        });
        try {
            return answer.toCompletionStage().toCompletableFuture().get(left, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + left + " ms");
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            // Whatever is still coming is not waited for.
            sent.future().onSuccess(HttpClientRequest::reset);
        }
    }

    private Future<Answer> read(OutboundTarget target, HttpClientResponse response) {
        Promise<Answer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(part -> {
            if (body.length() + part.length() > maxBody) {
                response.pause();
                whole.tryFail(new IOException("the answer is larger than " + maxBody + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> {
            Map<String, String> headers = new HashMap<>();
            response.headers()
                    .forEach(
                            header -> headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            whole.tryComplete(new Answer(target.uri(), response.statusCode(), Map.copyOf(headers), body.getBytes()));
        });
        return whole.future();
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
