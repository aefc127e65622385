package io.skein.frontdoor.identity;

import io.skein.frontdoor.tokens.TokenIssuer;
import io.skein.platform.auth.Role;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A person's account, without the password.
 *
 * @param hasPassword false for whom a provider vouches for
 * @param version rises when roles, state or password change; older access tokens are then refused
 */
record User(
        UUID id,
        String name,
        String team,
        List<String> roles,
        boolean hasPassword,
        boolean disabled,
        Instant createdAt,
        long version) {

    /** Whether this person can administer the team now. */
    boolean administers() {
        return !disabled && roles.contains(Role.Names.ADMIN);
    }

    User changed(List<String> newRoles, boolean nowDisabled) {
        return new User(id, name, team, newRoles, hasPassword, nowDisabled, createdAt, version + 1);
    }

    TokenIssuer.Person person() {
        return new TokenIssuer.Person(id, name, team, roles, version);
    }
}
