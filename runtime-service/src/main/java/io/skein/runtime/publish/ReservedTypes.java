package io.skein.runtime.publish;

import java.util.Set;

/**
 * The things only the fleet itself speaks about. Were a person able to publish {@code plan.approved}, everybody downstream would
 * believe it.
 */
public final class ReservedTypes {

    private static final Set<String> THINGS = Set.of(
            "agent",
            "alert",
            "audit",
            "auth",
            "build",
            "device",
            "fencing",
            "instance",
            "limit",
            "llm",
            "lock",
            "message",
            "node",
            "plan",
            "playbook",
            "policy",
            "registry",
            "request",
            "runtime",
            "schedule",
            "session",
            "skein",
            "step",
            "task",
            "user",
            "webhook");

    private ReservedTypes() {}

    public static boolean isReserved(String type) {
        int dot = type.indexOf('.');
        return THINGS.contains(dot < 0 ? type : type.substring(0, dot));
    }
}
