package io.skein.platform;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.auth.ServiceTokens;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

@Path("/probe")
@RunOnVirtualThread
public class ProbeResource {

    public record Thing(@NotBlank String name, @Max(9) int size) {}

    @Inject
    Caller caller;

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    ServiceTokens serviceTokens;

    @GET
    @Path("/me")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    public Map<String, Object> me() {
        return Map.of("name", caller.name(), "team", caller.team(), "actor", caller.actor(), "trace", caller.traceId());
    }

    @GET
    @Path("/forgotten")
    public String forgotten() {
        return "an endpoint without an annotation must never answer";
    }

    @GET
    @Path("/broken")
    @PermitAll
    public String broken() {
        throw new IllegalStateException("password=hunter2");
    }

    @GET
    @Path("/held")
    @PermitAll
    public String held() {
        throw new ProblemException(ErrorCode.LOCK_HELD, "nas01 is held").with("holder", "plan:1");
    }

    @GET
    @Path("/service-token")
    @PermitAll
    public String serviceToken() {
        return serviceTokens.current();
    }

    @POST
    @Path("/things")
    @RolesAllowed(Role.Names.OPERATOR)
    public Thing create(@Valid Thing thing) {
        return thing;
    }

    @POST
    @Path("/events/{type}")
    @RolesAllowed(Role.Names.OPERATOR)
    public void publish(@jakarta.ws.rs.PathParam("type") String type) {
        boolean fail = type.startsWith("rolledback");
        jdbi.useTransaction(tx -> {
            outbox.event(
                    tx,
                    SkeinEvent.of(type)
                            .source("/runtime-service")
                            .actor(caller.actor())
                            .build());
            if (fail) {
                throw new ProblemException(ErrorCode.ILLEGAL_TRANSITION, "rolled back");
            }
        });
    }
}
