package io.skein.contracts.error;

/**
 * Every error a Skein API can answer with: the stable {@code code} clients branch on, the HTTP status, and the short title of
 * the RFC 9457 problem document. {@code docs/errors.md} is checked against this list.
 */
public enum ErrorCode {
    /** A field is missing, too long, of the wrong type or out of range; {@code violations} names each. */
    VALIDATION_FAILED("validation_failed", 400, "The request is not valid"),
    /** The body is not JSON, or not the JSON this endpoint takes. */
    MALFORMED_BODY("malformed_body", 400, "The body cannot be read"),
    /** No token, or one that is expired, forged or meant for somebody else. */
    UNAUTHENTICATED("unauthenticated", 401, "Sign in first"),
    /** User name or password is wrong; the answer does not say which. */
    BAD_CREDENTIALS("bad_credentials", 401, "User name or password is wrong"),
    /** Signed in, but the role does not allow this. */
    FORBIDDEN("forbidden", 403, "Your role does not allow this"),
    /** Nobody may make an account of their own here. */
    REGISTRATION_CLOSED("registration_closed", 403, "Accounts are made by an administrator"),
    /** Nobody signs in with a password here, or not this person: a provider vouches for them. */
    PASSWORDS_OFF("passwords_off", 403, "No passwords here"),
    /** There is no such thing, or it belongs to somebody else: the two look the same on purpose. */
    NOT_FOUND("not_found", 404, "Not found"),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, "This method is not offered here"),
    NOT_ACCEPTABLE("not_acceptable", 406, "No representation you accept"),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, "This content type is not read here"),
    /** The body is larger than the endpoint takes. */
    PAYLOAD_TOO_LARGE("payload_too_large", 413, "The request is too large"),
    /** The state of the thing does not allow this transition (approving a rejected plan, say). */
    ILLEGAL_TRANSITION("illegal_transition", 409, "Not possible in this state"),
    /** The team would be left without anybody who can administer it. */
    LAST_ADMIN("last_admin", 409, "A team needs an administrator"),
    /** The team still has people. */
    TEAM_NOT_EMPTY("team_not_empty", 409, "The team still has people"),
    /** The team has as many of these as one team may have. */
    TEAM_LIMIT("team_limit", 409, "Your team has as many as it may have"),
    /** The same request by the same person is not finished yet; {@code planId} names its plan. */
    DUPLICATE_REQUEST("duplicate_request", 409, "The same request is already under way"),
    /** The plan has open questions; answer them with {@code modify} before approving. */
    PLAN_NEEDS_INPUT("plan_needs_input", 409, "The plan has open questions"),
    /** The plan changed since the version or hash that was approved. */
    PLAN_CHANGED("plan_changed", 409, "The plan is not the one you saw"),
    /** Two people have to approve, and this would not be another one: the same person again, or the one who asked for it. */
    SECOND_PERSON_NEEDED("second_person_needed", 409, "Another person has to approve"),
    /** No completed step of the plan has a counterpart that would undo it; {@code steps} says why for each. */
    NOTHING_TO_UNDO("nothing_to_undo", 409, "Nothing can be rolled back"),
    /** {@code Idempotency-Key} was used before with another body. */
    IDEMPOTENCY_MISMATCH("idempotency_mismatch", 409, "This key was used for another request"),
    /** {@code If-Match} names a version that is no longer current. */
    PRECONDITION_FAILED("precondition_failed", 412, "Somebody changed it before you"),
    /** The change has to say, with {@code If-Match}, which version it is a change of. */
    PRECONDITION_REQUIRED("precondition_required", 428, "Say which version you change"),
    /** The named inventory is not in the playbook repository. */
    INVENTORY_NOT_FOUND("inventory_not_found", 422, "There is no such inventory"),
    /** The playbook cannot be parsed; the detail quotes the reason. */
    PLAYBOOK_BROKEN("playbook_broken", 422, "The playbook is broken"),
    /** The resource is held by somebody else; {@code holder} says by whom. */
    LOCK_HELD("lock_held", 409, "Somebody else holds the lock"),
    /** The lease ran out before this call. */
    LOCK_EXPIRED("lock_expired", 409, "The lock has expired"),
    /** A limit of the agent's definition: rounds, budget. */
    LIMIT_REACHED("limit_reached", 409, "A limit of the agent is reached"),
    /** An agent says of its task that it cannot be done. */
    NOT_DONE("not_done", 409, "The agent could not do it"),
    /** An account or address that failed to sign in too often. */
    TOO_MANY_ATTEMPTS("too_many_attempts", 429, "Too many attempts"),
    RATE_LIMITED("rate_limited", 429, "Too many requests"),
    /** A fault of ours; the detail carries the trace id, never a stack trace. */
    INTERNAL("internal", 500, "Something broke on our side"),
    /** A service behind this one did not answer properly. */
    UPSTREAM_FAILED("upstream_failed", 502, "A service behind this one failed"),
    /** This service cannot work at the moment (database away, starting, stopping). */
    UNAVAILABLE("unavailable", 503, "Not available right now"),
    UPSTREAM_TIMEOUT("upstream_timeout", 504, "A service behind this one did not answer in time");

    private final String code;
    private final int status;
    private final String title;

    ErrorCode(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    /** Stable snake_case code, the {@code code} member of the problem document. */
    public String code() {
        return code;
    }

    /** HTTP status, 400..599. */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
