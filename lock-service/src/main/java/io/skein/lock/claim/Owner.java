package io.skein.lock.claim;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** On whose behalf a lock is held. */
record Owner(String id, Type type) {

    private static final String AGENT = "agent:";

    /** What can own a lock. */
    enum Type {
        USER,
        SERVICE,
        AGENT,
        PLAN;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * People own for themselves. Services own for whom they work, and must say it in a way that names somebody.
     *
     * @param id null for the sender itself
     * @param type null for what the sender is
     */
    static Owner of(String id, String type, AcquireRequest.Sender sender) {
        Type itself = sender.service() ? Type.SERVICE : Type.USER;
        String name = id == null ? sender.name() : Names.checked("ownerId", id);
        Type kind = type == null ? itself : type(type);
        if (!sender.service()) {
            Names.require(kind == Type.USER, "ownerType", "people own locks as user");
            Names.require(name.equals(sender.name()), "ownerId", "is not you, and people own locks for themselves");
        }
        Names.require(
                kind != Type.PLAN || Claim.planId(name).isPresent(), "ownerId", "names no plan: must be plan:<uuid>");
        Names.require(
                kind != Type.AGENT || name.startsWith(AGENT) && name.length() > AGENT.length(),
                "ownerId",
                "names no agent: must begin with agent:");
        return new Owner(name, kind);
    }

    private static Type type(String wire) {
        Optional<Type> known =
                Arrays.stream(Type.values()).filter(t -> t.wire().equals(wire)).findFirst();
        Names.require(known.isPresent(), "ownerType", "must be user, service, agent or plan");
        return known.get();
    }
}
