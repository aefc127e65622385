package io.skein.frontdoor.apitokens;

import io.skein.contracts.topology.BrokerIdentity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A token as it is kept, with its owner as they are now.
 *
 * @param subject the node or agent it speaks for; null for a person's
 * @param scopes at most these of the owner's roles
 * @param revokedAt null as long as nobody revoked it
 */
public record ApiToken(
        UUID id,
        Owner owner,
        String name,
        TokenKind kind,
        String subject,
        List<String> scopes,
        Instant createdAt,
        Instant expiresAt,
        Instant lastUsedAt,
        Instant revokedAt) {

    /**
     * Whose it is.
     *
     * @param version of the account, when it was read
     */
    public record Owner(UUID id, String name, String team, List<String> roles, boolean disabled, long version) {}

    /** Why it is no longer good, for its holder; null while it is. */
    String dead(Instant now) {
        if (revokedAt != null) {
            return "This API token was revoked.";
        }
        if (!now.isBefore(expiresAt)) {
            return "This API token has expired.";
        }
        return owner.disabled() ? "The account of this API token is disabled." : null;
    }

    /** Who a node's or an agent's token is at the broker. */
    public BrokerIdentity brokerIdentity() {
        return kind.brokerIdentity(owner.team(), subject);
    }

    /** What it may do now: a role its owner has lost is lost here, too. */
    List<String> roles() {
        return owner.roles().stream().filter(scopes::contains).toList();
    }
}
