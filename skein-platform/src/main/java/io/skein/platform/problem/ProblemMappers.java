package io.skein.platform.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.http.Trace;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jdbi.v3.core.JdbiException;

/** Turns whatever an endpoint throws into a problem document. Unknown faults are logged with the trace id and say no more. */
class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @Inject
    Trace trace;

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        Response.ResponseBuilder response = builder(e.code(), e.getMessage(), e.members());
        if (e.members().get("retryAfterSeconds") instanceof Number seconds) {
            response.header("Retry-After", seconds.longValue());
        }
        return response.build();
    }

    @ServerExceptionMapper
    Response violations(ConstraintViolationException e) {
        List<Map<String, String>> violations = e.getConstraintViolations().stream()
                .map(v -> Map.of("field", field(v), "message", v.getMessage()))
                .sorted(java.util.Comparator.comparing(v -> v.get("field")))
                .toList();
        String detail = violations.stream()
                .map(v -> v.get("field") + " " + v.get("message"))
                .collect(Collectors.joining("; "));
        return answer(ErrorCode.VALIDATION_FAILED, detail, Map.of("violations", violations));
    }

    @ServerExceptionMapper({JacksonException.class, MismatchedInputException.class})
    Response malformed(JacksonException e) {
        return answer(ErrorCode.MALFORMED_BODY, UnreadableBody.describe(e), Map.of());
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException e) {
        return unauthenticated();
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException e) {
        LOG.debugf("token refused: %s", e.getMessage());
        return unauthenticated();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException e) {
        return answer(ErrorCode.FORBIDDEN, "You are signed in, but your role does not allow this.", Map.of());
    }

    @ServerExceptionMapper
    Response web(WebApplicationException e) {
        if (e.getCause() instanceof JacksonException jackson) {
            return malformed(jackson);
        }
        if (e.getCause() instanceof ProblemException problem) {
            return problem(problem);
        }
        ErrorCode code =
                switch (e.getResponse().getStatus()) {
                    case 400 -> ErrorCode.MALFORMED_BODY;
                    case 401 -> ErrorCode.UNAUTHENTICATED;
                    case 403 -> ErrorCode.FORBIDDEN;
                    case 404 -> ErrorCode.NOT_FOUND;
                    case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
                    case 406 -> ErrorCode.NOT_ACCEPTABLE;
                    case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
                    case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
                    default -> null;
                };
        if (code == null) {
            return e.getResponse().getStatus() < 400 ? e.getResponse() : any(e);
        }
        return answer(code, e.getResponse().getStatus() == 404 ? "There is nothing at this address." : null, Map.of());
    }

    /** A database that is away is no fault of this service's code, and asking again helps. */
    @ServerExceptionMapper
    Response database(JdbiException e) {
        if (!DatabaseAway.is(e)) {
            return any(e);
        }
        LOG.warnf("request failed, the database is away: %s", e.getMessage());
        return answer(
                ErrorCode.UNAVAILABLE,
                "The database does not answer; nothing was changed. Ask again in a moment.",
                Map.of("retryAfterSeconds", 1));
    }

    @ServerExceptionMapper
    Response any(Throwable e) {
        LOG.errorf(e, "request failed, answered 500 with trace id %s", trace.id());
        return answer(
                ErrorCode.INTERNAL, "Nothing you did wrong. Look for the trace id in the service's log.", Map.of());
    }

    private Response unauthenticated() {
        return builder(ErrorCode.UNAUTHENTICATED, "Send a valid access token as Authorization: Bearer …", Map.of())
                .header("WWW-Authenticate", "Bearer")
                .build();
    }

    private Response answer(ErrorCode code, String detail, Map<String, Object> members) {
        return builder(code, detail, members).build();
    }

    private Response.ResponseBuilder builder(ErrorCode code, String detail, Map<String, Object> members) {
        return Response.status(code.status())
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem(code, detail, trace.id(), members).toJson());
    }

    /** The path below the method's parameter: {@code create.request.text} is {@code text}. */
    private static String field(ConstraintViolation<?> violation) {
        StringBuilder field = new StringBuilder();
        int depth = 0;
        for (Path.Node node : violation.getPropertyPath()) {
            if (depth++ >= 2) {
                field.append(field.isEmpty() ? "" : ".").append(node);
            }
        }
        return field.isEmpty() ? String.valueOf(violation.getPropertyPath()) : field.toString();
    }
}
