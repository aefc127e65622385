package io.skein.frontdoor.mcp;

import io.quarkiverse.mcp.server.Tool;
import io.quarkiverse.mcp.server.ToolArg;
import io.quarkiverse.mcp.server.ToolResponse;
import io.skein.frontdoor.proxy.Service;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tools (Model Context Protocol 2025-06-18, server features). What comes back is the API's own JSON as text; an error is its
 * problem document, marked as an error. Approving, rejecting, changing and cancelling are not among them: a person does that.
 */
@Singleton
@RolesAllowed({Role.Names.VIEWER, Role.Names.OPERATOR, Role.Names.APPROVER, Role.Names.ADMIN})
class FleetTools {

    @Inject
    FleetCalls calls;

    @Tool(
            name = "request",
            title = "Ask for something to be done",
            description =
                    "Turns a request in plain language (\"Deploy Uptime Kuma to the homelab\") into a plan. Nothing runs:"
                            + " a person reads the plan and approves or rejects it in Skein. Answers with the plan, or with the question"
                            + " it has.",
            annotations = @Tool.Annotations(readOnlyHint = false, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse request(
            @ToolArg(description = "What should be done, in the person's words.") String text,
            @ToolArg(description = "low, normal, high or critical; normal when absent.", required = false)
                    Optional<String> priority,
            @ToolArg(description = "The session to go on with, a UUID.", required = false) Optional<String> sessionId,
            @ToolArg(
                            description =
                                    "Any text of up to 200 characters: the same text with the same request makes no second"
                                            + " plan.",
                            required = false)
                    Optional<String> idempotencyKey) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("text", text);
        priority.ifPresent(value -> body.put("priority", value));
        sessionId.ifPresent(value -> body.put("sessionId", value));
        return calls.post(Service.ORCHESTRATOR, "/api/v1/requests", body, idempotencyKey);
    }

    @Tool(
            name = "list_plans",
            title = "Plans",
            description = "Plans of the caller, newest first, a page at a time.",
            annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse listPlans(
            @ToolArg(description = "Only plans of this status, for example awaiting_approval.", required = false)
                    Optional<String> status,
            @ToolArg(description = "How many, 1 to 50; 20 when absent.", required = false) Optional<Integer> size,
            @ToolArg(description = "\"next\" of the page before.", required = false) Optional<String> after) {
        return calls.get(
                Service.ORCHESTRATOR,
                "/api/v1/plans",
                query("status", status, "size", size.or(() -> Optional.of(20)), "after", after));
    }

    @Tool(
            name = "get_plan",
            title = "One plan",
            description = "A plan with its steps: playbook, variables, risk, agent and why, state and result.",
            annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse getPlan(@ToolArg(description = "The plan's id, a UUID.") String planId) {
        return calls.get(Service.ORCHESTRATOR, "/api/v1/plans/" + FleetCalls.uuid("planId", planId), Map.of());
    }

    @Tool(
            name = "get_step_log",
            title = "Log of a step",
            description = "What a step of a plan printed, task by task, a page at a time.",
            annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse getStepLog(
            @ToolArg(description = "The plan's id, a UUID.") String planId,
            @ToolArg(description = "The number of the step, from 1.") int step,
            @ToolArg(description = "\"next\" of the page before.", required = false) Optional<String> after) {
        return calls.get(
                Service.ORCHESTRATOR,
                "/api/v1/plans/" + FleetCalls.uuid("planId", planId) + "/steps/" + step + "/log",
                query("after", after));
    }

    @Tool(
            name = "search_audit",
            title = "Search the audit trail",
            description = "Who did what, when, on what, and how it ended; newest first, a page at a time.",
            annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse searchAudit(
            @ToolArg(description = "Words in the entries.", required = false) Optional<String> text,
            @ToolArg(description = "A type, with * at the end for all that begin so: plan.*", required = false)
                    Optional<String> type,
            @ToolArg(description = "Only of this outcome, for example failed.", required = false)
                    Optional<String> status,
            @ToolArg(description = "Who did it.", required = false) Optional<String> actor,
            @ToolArg(description = "Only about this plan, a UUID.", required = false) Optional<String> planId,
            @ToolArg(description = "Not before this time, RFC 3339.", required = false) Optional<String> from,
            @ToolArg(description = "Before this time, RFC 3339.", required = false) Optional<String> to,
            @ToolArg(description = "How many, 1 to 50; 20 when absent.", required = false) Optional<Integer> size,
            @ToolArg(description = "\"next\" of the page before.", required = false) Optional<String> after) {
        Map<String, String> query = query("q", text, "type", type, "status", status, "actor", actor, "planId", planId);
        query.putAll(query("from", from, "to", to, "size", size.or(() -> Optional.of(20)), "after", after));
        return calls.get(Service.AUDIT, "/api/v1/audit/entries", query);
    }

    @Tool(
            name = "list_playbooks",
            title = "What can be done",
            description =
                    "The playbooks Skein has found: what each does, its variables and its risk. A page at a time.",
            annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false, openWorldHint = false))
    @RunOnVirtualThread
    ToolResponse listPlaybooks(
            @ToolArg(description = "How many, 1 to 50; 20 when absent.", required = false) Optional<Integer> size,
            @ToolArg(description = "\"next\" of the page before.", required = false) Optional<String> after) {
        return calls.get(
                Service.INFRA_AGENT,
                "/api/v1/playbooks",
                query("size", size.or(() -> Optional.of(20)), "after", after));
    }

    /** Names and values in turn; absent values are left out. */
    private static Map<String, String> query(Object... pairs) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            String name = (String) pairs[i];
            ((Optional<?>) pairs[i + 1]).ifPresent(value -> query.put(name, value.toString()));
        }
        return query;
    }
}
