package io.skein.frontdoor.oidc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person's browser as far as signing in needs one: cookies, redirects one at a time, and the provider's two forms. */
final class Browser {

    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final Pattern ABORT = Pattern.compile("href=\"([^\"]+/abort)\"");

    final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI door;

    private record Page(URI uri, String body) {}

    Browser(URI door) {
        this.door = door;
    }

    /** Presses the button on the sign-in page; answers with the address at the provider. */
    URI press(String to) {
        return next(get(door.resolve("/api/v1/auth/oidc/sign-in?to=" + encoded(to))));
    }

    /** Signs in at the provider, and stops at the address that leads back. */
    URI signInAt(URI provider, String name) {
        Page login = follow(provider);
        Page consent = follow(next(post(form(login), "prompt=login&login=" + name + "&password=any")));
        if (consent.uri().getPath().equals(ProviderTenant.CALLBACK)) {
            return consent.uri();
        }
        return follow(next(post(form(consent), "prompt=consent"))).uri();
    }

    /** Says no at the provider. */
    URI cancelAt(URI provider) {
        Matcher abort = ABORT.matcher(follow(provider).body());
        if (!abort.find()) {
            throw new AssertionError("no way to cancel");
        }
        return follow(URI.create(abort.group(1))).uri();
    }

    /** The whole way; what the callback answers. */
    HttpResponse<String> signIn(String name, String to) {
        return get(signInAt(press(to), name));
    }

    /** The access token of Skein's sign-in that the cookie stands for. */
    Optional<String> accessToken() {
        HttpResponse<String> answer = post(door.resolve("/api/v1/auth/refresh"), "");
        Matcher token = Pattern.compile("\"accessToken\":\"([^\"]+)\"").matcher(answer.body());
        return answer.statusCode() == 200 && token.find() ? Optional.of(token.group(1)) : Optional.empty();
    }

    HttpResponse<String> get(URI uri) {
        return send(HttpRequest.newBuilder(uri).header("Accept", "text/html"));
    }

    HttpResponse<String> post(URI uri, String form) {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** The address a redirect leads to. */
    static URI next(HttpResponse<String> redirect) {
        return redirect.headers()
                .firstValue("Location")
                .map(redirect.uri()::resolve)
                .orElseThrow(() -> new AssertionError(
                        redirect.uri() + " answered " + redirect.statusCode() + ": " + redirect.body()));
    }

    static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    Optional<HttpCookie> cookie(String prefix) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().startsWith(prefix) && !cookie.hasExpired())
                .findFirst();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Follows redirects until a page, or the way back to the front door, which is not taken. */
    private Page follow(URI start) {
        URI at = start;
        for (int hops = 0; hops < 10; hops++) {
            HttpResponse<String> answer = get(at);
            if (answer.statusCode() / 100 != 3) {
                return new Page(at, answer.body());
            }
            at = next(answer);
            if (at.getPath().equals(ProviderTenant.CALLBACK)) {
                return new Page(at, "");
            }
        }
        throw new AssertionError("too many redirects from " + start);
    }

    private static URI form(Page page) {
        Matcher action = ACTION.matcher(page.body());
        if (!action.find()) {
            throw new AssertionError(page.uri() + " has no form: " + page.body());
        }
        return page.uri().resolve(action.group(1));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
