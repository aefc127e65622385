package io.skein.e2e;

import java.util.Arrays;
import java.util.List;

/** On whose behalf the endpoint matrix asks. */
enum Who {
    NO_TOKEN,
    MALFORMED,
    TAMPERED,
    OTHER_KEY,
    EXPIRED,
    WRONG_AUDIENCE,
    WRONG_ISSUER,
    ALG_NONE,
    HMAC_WITH_PUBLIC_KEY,
    /** Viewer and operator; the things of the fixture are this person's. */
    OWNER,
    /** Only a viewer of the owner's team. */
    VIEWER,
    /** Viewer and operator of the owner's team, like the owner. */
    OTHER,
    /** Viewer and approver of the owner's team. */
    APPROVER,
    /** Viewer and administrator of the owner's team, which is the home team. */
    ADMIN,
    /** Every role there is, in another team. */
    STRANGER,
    /** A service of the fleet, with a token the front door gave it. */
    SERVICE;

    /** Those the table has a column for, in its order. */
    static final List<Who> COLUMNS = List.of(OWNER, VIEWER, OTHER, APPROVER, ADMIN, STRANGER, SERVICE);

    /** Tokens nobody may be let in with. */
    static final List<Who> FORGED = Arrays.stream(values())
            .filter(who -> who.ordinal() < OWNER.ordinal())
            .toList();

    boolean isForged() {
        return FORGED.contains(this);
    }
}
