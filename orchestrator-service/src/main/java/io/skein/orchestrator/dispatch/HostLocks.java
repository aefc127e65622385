package io.skein.orchestrator.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.Plan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/** The locks on the hosts a plan touches, as the lock service gives them. */
@ApplicationScoped
class HostLocks {

    private static final Logger LOG = Logger.getLogger(HostLocks.class);
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    @Inject
    @RestClient
    LockApi api;

    @Inject
    DispatchConfig config;

    /** How an attempt ended. */
    sealed interface Attempt {
        record Held(String id, Instant expiresAt, Map<String, Long> tokens) implements Attempt {}

        /** Somebody else has it; {@code reason} says who, for a person. */
        record Taken(String reason) implements Attempt {}

        /** It ran out before it was renewed. */
        record Lost() implements Attempt {}

        record Unreachable(String reason) implements Attempt {}
    }

    static List<String> resources(List<String> hosts) {
        return hosts.stream().map(host -> "host:" + host).distinct().sorted().toList();
    }

    Attempt acquire(Plan plan, List<String> hosts) {
        List<String> resources = resources(hosts);
        String request = plan.lockAttempt() == 0 ? plan.id().toString() : plan.id() + "/" + plan.lockAttempt();
        try {
            LockApi.Lock lock = api.acquire(new LockApi.Acquire(
                    resources,
                    owner(plan),
                    "plan",
                    plan.team(),
                    config.lockTtl().toSeconds(),
                    plan.priority(),
                    0,
                    request,
                    Map.of("plan", plan.id().toString())));
            return new Attempt.Held(lock.id(), lock.expiresAt(), lock.fencingTokens());
        } catch (WebApplicationException e) {
            if (e.getResponse().getStatus() == CONFLICT) {
                return new Attempt.Taken(
                        "Waiting for the lock on " + String.join(", ", hosts) + heldBy(e.getResponse()));
            }
            LOG.warnf("lock service answered %d for plan %s", e.getResponse().getStatus(), plan.id());
            return new Attempt.Unreachable("Waiting: the lock service answered with status "
                    + e.getResponse().getStatus());
        } catch (RuntimeException e) {
            LOG.debugf("lock service: %s", e.getMessage());
            return new Attempt.Unreachable("Waiting: the lock service does not answer");
        }
    }

    Attempt renew(String lockId) {
        try {
            LockApi.Lock lock =
                    api.renew(lockId, new LockApi.Renew(config.lockTtl().toSeconds()));
            return new Attempt.Held(lockId, lock.expiresAt(), lock.fencingTokens());
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            return status == CONFLICT || status == NOT_FOUND
                    ? new Attempt.Lost()
                    : new Attempt.Unreachable("the lock service answered with status " + status);
        } catch (RuntimeException e) {
            return new Attempt.Unreachable("the lock service does not answer");
        }
    }

    /** True when the lock is gone, by us or before. */
    boolean release(String lockId) {
        try {
            api.release(lockId);
            return true;
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            return status == CONFLICT || status == NOT_FOUND;
        } catch (RuntimeException e) {
            LOG.debugf("lock %s not released yet: %s", lockId, e.getMessage());
            return false;
        }
    }

    static String owner(Plan plan) {
        return "plan:" + plan.id();
    }

    private static String heldBy(Response response) {
        try {
            JsonNode holder = WireFormat.mapper()
                    .readTree(response.readEntity(String.class))
                    .path("holder");
            String owner = holder.path("ownerId").asText("");
            if (owner.isEmpty()) {
                return ", held by somebody else";
            }
            return ", held by " + (owner.startsWith("plan:") ? "plan " + owner.substring("plan:".length()) : owner);
        } catch (IOException | RuntimeException e) {
            return ", held by somebody else";
        }
    }
}
