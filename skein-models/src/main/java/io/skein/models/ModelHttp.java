package io.skein.models;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the providers' clients speak HTTP: one call, in a given time, of bounded size, interruptible, no redirects. */
final class ModelHttp implements HttpClient {

    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private final io.vertx.core.http.HttpClient client;
    private final Duration within;

    ModelHttp(io.vertx.core.http.HttpClient client, Duration within) {
        this.client = client;
        this.within = within;
    }

    /** An answer that is an error, with what it said about trying again. */
    static final class Refused extends HttpException {

        private static final long serialVersionUID = 1L;

        private final String retryAfter;

        Refused(int status, String retryAfter) {
            super(status, "status " + status);
            this.retryAfter = retryAfter;
        }

        /** Null when it said nothing. */
        String retryAfter() {
            return retryAfter;
        }
    }

    /** Not in time. */
    static final class Late extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Late() {
            super("no answer in time");
        }
    }

    HttpClientBuilder builder() {
        return new Given(this);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest call) {
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(call.url())
                .setMethod(HttpMethod.valueOf(call.method().name()))
                .setFollowRedirects(false);
        call.headers().forEach((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        Promise<HttpClientRequest> sent = Promise.promise();
        Future<SuccessfulHttpResponse> answer = client.request(options).compose(request -> {
            sent.complete(request);
            return (call.body() == null ? request.send() : request.send(Buffer.buffer(call.body())))
                    .compose(ModelHttp::read);
        });
        boolean ended = false;
        try {
            SuccessfulHttpResponse whole =
                    answer.toCompletionStage().toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
            ended = true;
            return whole;
        } catch (TimeoutException e) {
            throw new Late();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                ended = true;
                throw refused;
            }
            throw new UncheckedIOException(new IOException(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the model is not waited for any more");
        } finally {
            if (!ended) {
                // Of an answer that was read to its end it would close the connection, under whoever asks next on it.
                sent.future().onSuccess(HttpClientRequest::reset);
            }
        }
    }

    private static Future<SuccessfulHttpResponse> read(HttpClientResponse response) {
        Promise<SuccessfulHttpResponse> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(part -> {
            if (body.length() + part.length() > MAX_ANSWER) {
                response.pause();
                whole.tryFail(new IOException("the answer is larger than " + MAX_ANSWER + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> {
            if (response.statusCode() < 200 || response.statusCode() > 299) {
                whole.tryFail(new Refused(response.statusCode(), response.getHeader(HttpHeaders.RETRY_AFTER)));
                return;
            }
            Map<String, List<String>> headers = new HashMap<>();
            response.headers()
                    .names()
                    .forEach(name -> headers.put(name, response.headers().getAll(name)));
            whole.tryComplete(SuccessfulHttpResponse.builder()
                    .statusCode(response.statusCode())
                    .headers(headers)
                    .body(body.toString(StandardCharsets.UTF_8))
                    .build());
        });
        return whole.future();
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("answers are read whole");
    }

    /** The clients set time-outs on a builder; ours are already decided. */
    private record Given(ModelHttp http) implements HttpClientBuilder {

        @Override
        public Duration connectTimeout() {
            return http.within;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration ignored) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return http.within;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration ignored) {
            return this;
        }

        @Override
        public HttpClient build() {
            return http;
        }
    }
}
