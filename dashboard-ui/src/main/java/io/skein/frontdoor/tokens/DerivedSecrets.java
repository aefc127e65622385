package io.skein.frontdoor.tokens;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret for one purpose, the same in every replica; knowing it tells nothing about the key secret it comes from. */
@ApplicationScoped
public class DerivedSecrets {

    @Inject
    TokenConfig config;

    /** 64 characters. */
    public String of(String purpose) {
        String secret = config.keySecret()
                .orElseThrow(() -> new IllegalStateException("SKEIN_FRONTDOOR_KEY_SECRET is not set"));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not available", e);
        }
    }
}
