package io.skein.frontdoor.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * A provider that does everything right but for one thing, said with {@code PUT /mode}: what it then signs is what somebody
 * would bring who wants to be another.
 */
public class HostileProvider implements QuarkusTestResourceLifecycleManager {

    static final String ISSUER = "skein.test.oidc.hostile";
    private static final String CLIENT = "skein";

    private final Map<String, String> nonces = new ConcurrentHashMap<>();
    private HttpServer server;
    private String issuer;
    private RsaJsonWebKey key;
    private RsaJsonWebKey strangersKey;
    private volatile String mode = "honest";

    @Override
    public Map<String, String> start() {
        try {
            key = key();
            strangersKey = key();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                handle(exchange);
            } catch (JoseException e) {
                throw new IOException(e);
            }
        });
        server.start();
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        System.setProperty(ISSUER, issuer);
        return Map.of(
                "SKEIN_OIDC_ISSUER", issuer,
                "SKEIN_OIDC_CLIENT_ID", CLIENT,
                "SKEIN_OIDC_CLIENT_SECRET", "not a long one",
                "SKEIN_OIDC_USER_INFO", "true",
                "SKEIN_OIDC_DEFAULT_ROLE", "viewer");
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void handle(HttpExchange exchange) throws IOException, JoseException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (mode.equals("away") && !path.equals("/mode")) {
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        switch (path) {
            case "/mode" -> {
                mode = new String(body, StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(204, -1);
            }
            case "/.well-known/openid-configuration" ->
                answer(
                        exchange,
                        Map.of(
                                "issuer", issuer,
                                "authorization_endpoint", issuer + "/authorize",
                                "token_endpoint", issuer + "/token",
                                "userinfo_endpoint", issuer + "/userinfo",
                                "jwks_uri", issuer + "/keys"));
            case "/keys" ->
                answer(exchange, Map.of("keys", List.of(key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))));
            case "/authorize" -> {
                Map<String, String> query = Browser.query(exchange.getRequestURI());
                String code = "code-" + nonces.size();
                nonces.put(code, query.getOrDefault("nonce", ""));
                exchange.getResponseHeaders()
                        .set("Location", query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
                exchange.sendResponseHeaders(303, -1);
            }
            case "/token" -> {
                Map<String, String> form = Browser.query(URI.create("/?" + new String(body, StandardCharsets.UTF_8)));
                answer(
                        exchange,
                        Map.of(
                                "access_token",
                                "opaque",
                                "token_type",
                                "Bearer",
                                "expires_in",
                                300,
                                "id_token",
                                idToken(nonces.get(form.get("code")))));
            }
            case "/userinfo" ->
                answer(
                        exchange,
                        Map.of(
                                "sub",
                                mode.equals("another's userinfo") ? "victim" : subject(),
                                "preferred_username",
                                "pat"));
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private String subject() {
        return "subject";
    }

    private String idToken(String nonce) throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(mode.equals("wrong issuer") ? "https://accounts.example" : issuer);
        claims.setAudience(mode.equals("wrong audience") ? "another-client" : CLIENT);
        if (!mode.equals("no subject")) {
            claims.setSubject(subject());
        }
        switch (mode) {
            case "wrong nonce" -> claims.setStringClaim("nonce", "of another sign-in");
            case "no nonce" -> {}
            default -> claims.setStringClaim("nonce", nonce);
        }
        if (mode.equals("another's azp")) {
            claims.setAudience(CLIENT, "another-client");
            claims.setStringClaim("azp", "another-client");
        } else if (mode.equals("own azp")) {
            claims.setStringClaim("azp", CLIENT);
        }
        long now = System.currentTimeMillis() / 1000;
        boolean old = mode.equals("expired");
        claims.setIssuedAt(NumericDate.fromSeconds(old ? now - 7200 : now));
        claims.setExpirationTime(NumericDate.fromSeconds(old ? now - 3600 : now + 300));

        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setKey(key.getPrivateKey());
        switch (mode) {
            case "unsigned" -> {
                signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
                signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
                signature.setKey(null);
            }
            case "HS256 with the public key" -> {
                signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
                signature.setKey(new HmacKey(key.getPublicKey().getEncoded()));
            }
            case "HS256 with the client secret" -> {
                signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
                signature.setDoKeyValidation(false);
                signature.setKey(new HmacKey("not a long one".getBytes(StandardCharsets.UTF_8)));
            }
            case "a stranger's key" -> signature.setKey(strangersKey.getPrivateKey());
            case "a key it brings along" -> {
                signature.setKeyIdHeaderValue(null);
                signature.setJwkHeader(strangersKey);
                signature.setKey(strangersKey.getPrivateKey());
            }
            default -> {}
        }
        String token = signature.getCompactSerialization();
        if (mode.equals("changed afterwards")) {
            claims.setSubject("victim");
            String[] parts = token.split("\\.");
            String payload = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(claims.toJson().getBytes(StandardCharsets.UTF_8));
            return parts[0] + "." + payload + "." + parts[2];
        }
        return token;
    }

    private static RsaJsonWebKey key() throws JoseException {
        RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("the-key");
        key.setUse("sig");
        return key;
    }

    private static void answer(HttpExchange exchange, Map<String, ?> json) throws IOException {
        byte[] bytes = WireFormat.writeString(new HashMap<>(json)).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
