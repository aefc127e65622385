package io.skein.orchestrator.request;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.plan.PlanView;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/requests}. */
@Path("/api/v1/requests")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "requests")
public class RequestResource {

    private static final int MAX_BODY = 64 * 1024;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    @Inject
    RequestService service;

    @Inject
    Caller caller;

    @Inject
    ObjectMapper mapper;

    /**
     * The body is read as bytes: its digest decides whether a repeated Idempotency-Key is really a repeat. A service asks for an agent;
     * the plan is that agent's, and like every plan waits for somebody who approves.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Ask for something in plain words; the answer is the plan")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = NewRequest.class)))
    public Response create(
            byte[] body,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor)
            throws IOException {
        Requester requester = Requester.of(caller, team, actor);
        if (body == null || body.length == 0) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send a JSON object with the member text.");
        }
        if (body.length > MAX_BODY) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "At most " + MAX_BODY + " bytes are read here, this is " + body.length + ".");
        }
        if (idempotencyKey != null && !KEY.matcher(idempotencyKey).matches()) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1..200 printable ASCII characters");
        }
        NewRequest request = mapper.readValue(body, NewRequest.class);
        if (request == null) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send a JSON object with the member text.");
        }
        PlanView plan = service.create(request, requester, idempotencyKey, sha256(body));
        return Response.created(URI.create("/api/v1/plans/" + plan.id()))
                .entity(plan)
                .build();
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
