package io.skein.platform.auth;

import java.util.Locale;
import java.util.Optional;

/** What a token's {@code groups} may say. People carry every role they have explicitly; services carry only {@link #SERVICE}. */
public enum Role {
    /** Reads what belongs to the team. */
    VIEWER,
    /** Asks for things. */
    OPERATOR,
    /** Approves and rejects plans. */
    APPROVER,
    /** Manages people and overrides. */
    ADMIN,
    /** Another service of the fleet; never a person. */
    SERVICE;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> fromWire(String wire) {
        for (Role role : values()) {
            if (role.wire().equals(wire)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The names as constants, for {@code @RolesAllowed}. */
    public static final class Names {
        public static final String VIEWER = "viewer";
        public static final String OPERATOR = "operator";
        public static final String APPROVER = "approver";
        public static final String ADMIN = "admin";
        public static final String SERVICE = "service";

        private Names() {}
    }
}
