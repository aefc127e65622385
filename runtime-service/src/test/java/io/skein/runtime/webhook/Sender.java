package io.skein.runtime.webhook;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as the senders do, with code of its own. */
final class Sender {

    private Sender() {}

    static Response generic(String id, String secret, String body) {
        return generic(id, secret, body, Instant.now().getEpochSecond());
    }

    static Response generic(String id, String secret, String body, long timestamp) {
        return to(id).header("Skein-Timestamp", Long.toString(timestamp))
                .header("Skein-Signature", "v1=" + hmac(secret, timestamp + "." + body))
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post();
    }

    static Response github(String id, String secret, String event, String delivery, String body) {
        return to(id).header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + hmac(secret, body))
                .header("User-Agent", "GitHub-Hookshot/044aadd")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post();
    }

    static Response alertmanager(String id, String secret, String body) {
        return to(id).header("Authorization", "Bearer " + secret)
                .header("User-Agent", "Alertmanager/0.27.0")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post();
    }

    static RequestSpecification to(String id) {
        return given().contentType("application/json").basePath("/api/v1/webhooks/" + id + "/deliveries");
    }

    static String hmac(String secret, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sample(String name) {
        try (InputStream in = Sender.class.getResourceAsStream("/webhook/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
