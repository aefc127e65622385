package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.lockclient.LockRefusedException;
import io.skein.platform.problem.ProblemException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** What a call to another service that did not work means to a task. */
final class CallFailure {

    private static final int MAX_BODY = 64 * 1024;

    private CallFailure() {}

    /** @param service as people call it: "The orchestrator" */
    static SkillOutcome.Failed of(RuntimeException e, String service) {
        if (e instanceof WebApplicationException answer) {
            int status = answer.getResponse().getStatus();
            JsonNode problem = problem(answer.getResponse());
            boolean mayPass = status >= 500 || status == ErrorCode.RATE_LIMITED.status();
            return new SkillOutcome.Failed(
                    problem.path("code").asText(mayPass ? "unavailable" : "upstream_failed"),
                    problem.path("detail").asText(service + " answered with status " + status + "."),
                    mayPass);
        }
        if (e instanceof LockRefusedException refused) {
            boolean mayPass = refused.status() == ErrorCode.RATE_LIMITED.status();
            return new SkillOutcome.Failed(
                    refused.code().isEmpty() ? "upstream_failed" : refused.code(), refused.getMessage(), mayPass);
        }
        String code = e instanceof ProblemException problem ? problem.code().code() : ErrorCode.UNAVAILABLE.code();
        return new SkillOutcome.Failed(code, service + " does not answer: " + e.getMessage(), true);
    }

    static boolean isStatus(RuntimeException e, int status) {
        return e instanceof WebApplicationException answer
                && answer.getResponse().getStatus() == status;
    }

    /** The problem document of an answer, empty when there is none. */
    static JsonNode problem(Response response) {
        try {
            response.bufferEntity();
            String body = response.readEntity(String.class);
            return body == null || body.isEmpty() || body.length() > MAX_BODY
                    ? WireFormat.mapper().createObjectNode()
                    : WireFormat.mapper().readTree(body);
        } catch (java.io.IOException | RuntimeException e) {
            return WireFormat.mapper().createObjectNode();
        }
    }
}
