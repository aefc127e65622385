package io.skein.test;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * Every operation of a running service's own OpenAPI document, asked with every token that must not be let in: this service
 * verifies by itself, whoever stands in front of it. Unlike a fleet from outside, a test has the key, so here tokens are really
 * signed and only then too old or meant for somebody else.
 *
 * <p>A new endpoint is asked as soon as it is in the document; one that is open to everybody has to be named.
 */
public final class EndpointConformance {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head");
    private static final List<String> EVERY_ROLE = List.of("viewer", "operator", "approver", "admin");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;
    private final Signer signer;
    private final JsonNode publicKey;

    /** Signs claims as the front door does. */
    public interface Signer {
        String sign(JwtClaims claims);
    }

    private EndpointConformance(URI base, Signer signer, String jwks) {
        this.base = base;
        this.signer = signer;
        this.publicKey = WireFormat.read(jwks, JsonNode.class).path("keys").path(0);
    }

    /** A service that trusts {@link TestTokens}. */
    public static EndpointConformance of(URI base) {
        return new EndpointConformance(base, TestTokens::sign, TestTokens.jwks());
    }

    /**
     * A service with keys of its own.
     *
     * @param jwks its key set; the first key is the one the signer signs with
     */
    public static EndpointConformance of(URI base, Signer signer, String jwks) {
        return new EndpointConformance(base, signer, jwks);
    }

    /**
     * Asks.
     *
     * @param open operations everybody may use, as {@code GET /path}
     * @return what was answered wrongly, and what is named open and is not there; empty when all is well
     */
    public List<String> complaints(Set<String> open) {
        List<String> complaints = new ArrayList<>();
        List<String> operations = operations();
        open.stream()
                .filter(name -> !operations.contains(name))
                .forEach(name -> complaints.add(name + " is said to be open and is not served"));
        Map<String, String> refused = refused();
        for (String operation : operations) {
            if (open.contains(operation)) {
                continue;
            }
            refused.forEach((kind, token) -> expect(complaints, operation, kind, token, 401));
            expect(complaints, operation, "a person without a role", person(List.of()), 403);
        }
        if (operations.isEmpty()) {
            complaints.add("the service describes no operation");
        }
        return complaints;
    }

    /**
     * Asks everything that is no GET on behalf of somebody who may only read.
     *
     * @param reading operations that only read all the same, as {@code POST /path}
     */
    public List<String> complaintsOfViewers(Set<String> reading) {
        List<String> complaints = new ArrayList<>();
        String viewer = person(List.of("viewer"));
        for (String operation : operations()) {
            if (!operation.startsWith("GET ") && !reading.contains(operation)) {
                expect(complaints, operation, "a viewer", viewer, 403);
            }
        }
        return complaints;
    }

    /** Every operation, as {@code GET /path}. */
    public List<String> operations() {
        JsonNode document = WireFormat.read(text("/q/openapi?format=json"), JsonNode.class);
        List<String> operations = new ArrayList<>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .map(Map.Entry::getKey)
                .filter(METHODS::contains)
                .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    private void expect(List<String> complaints, String operation, String kind, String token, int status) {
        int answered = ask(operation, token);
        if (answered != status) {
            complaints.add(operation + " answers " + answered + " instead of " + status + " to " + kind);
        }
    }

    private Map<String, String> refused() {
        JwtClaims claims = claims(EVERY_ROLE);
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("no token", null);
        refused.put("a malformed token", "not.a.token");
        refused.put("an expired token", signed(c -> c.setExpirationTimeMinutesInTheFuture(-10)));
        refused.put("a token without an end", signed(c -> c.unsetClaim("exp")));
        refused.put("a token for another audience", signed(c -> c.setAudience("somebody-else")));
        refused.put("a token of another issuer", signed(c -> c.setIssuer("evil")));
        refused.put("a token that is not signed", unsigned(claims));
        refused.put("a token signed with the public key as secret", hmac(claims));
        refused.put("a token signed by another key", otherKey(claims));
        String good = signer.sign(claims);
        refused.put("a token with a bent signature", good.substring(0, good.length() - 8) + "AAAAAAAA");
        return refused;
    }

    private String person(List<String> roles) {
        return signer.sign(claims(roles));
    }

    private JwtClaims claims(List<String> roles) {
        return TestTokens.claims(UUID.randomUUID().toString(), "mallory", "default", roles);
    }

    private interface Bend {
        void bend(JwtClaims claims);
    }

    private String signed(Bend bend) {
        JwtClaims claims = claims(EVERY_ROLE);
        bend.bend(claims);
        return signer.sign(claims);
    }

    private String unsigned(JwtClaims claims) {
        return part("{\"alg\":\"none\",\"kid\":\"" + publicKey.path("kid").asText() + "\"}") + "."
                + part(claims.toJson()) + ".";
    }

    private String hmac(JwtClaims claims) {
        try {
            Key secret = new HmacKey(
                    JsonWebKey.Factory.newJwk(publicKey.toString()).getKey().getEncoded());
            return sign(claims, AlgorithmIdentifiers.HMAC_SHA256, secret);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private String otherKey(JwtClaims claims) {
        try {
            return sign(
                    claims,
                    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                    EcJwkGenerator.generateJwk(EllipticCurves.P256).getPrivateKey());
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private String sign(JwtClaims claims, String algorithm, Key key) throws JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKeyIdHeaderValue(publicKey.path("kid").asText());
        jws.setKey(key);
        jws.setPayload(claims.toJson());
        return jws.getCompactSerialization();
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private int ask(String operation, String token) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation
                .substring(operation.indexOf(' ') + 1)
                .replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET") || method.equals("DELETE")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> response = send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            body.readNBytes(1 << 16);
        } catch (IOException e) {
            throw new IllegalStateException(operation, e);
        }
        return response.statusCode();
    }

    private String text(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new IllegalStateException(request.uri().toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
