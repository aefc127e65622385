package io.skein.frontdoor.identity;

import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The account a token speaks for; names can be read by people, ids cannot be mistaken. */
final class CallerId {

    private CallerId() {}

    /** Empty when the subject is no account. */
    static Optional<UUID> of(JsonWebToken token) {
        try {
            return Optional.ofNullable(token.getSubject()).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
