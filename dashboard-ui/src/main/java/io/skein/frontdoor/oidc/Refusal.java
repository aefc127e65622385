package io.skein.frontdoor.oidc;

/** Why a sign-in through the provider ended without one. The code is all the sign-in page is told. */
enum Refusal {
    /** The answer belongs to no sign-in of this browser, or to one that was begun too long ago or answered before. */
    NOT_BEGUN_HERE("state"),
    /** The provider answered with an error: the person said no, or may not use this client. */
    DECLINED("declined"),
    UNREACHABLE("unreachable"),
    /** A code that does not work, or a token that is not signed, or not for us, or not for this sign-in. */
    UNTRUSTED("untrusted"),
    /** Nothing the provider says about this person gives a role. */
    NO_ROLE("no-role"),
    /** The claims name a team that was deleted, or that no team can be called. */
    NO_TEAM("no-team"),
    DISABLED("disabled"),
    TOO_MANY("too-many");

    private final String code;

    Refusal(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
