package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.draft.Candidate;
import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Score;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A plan as the API shows it; secret values are never in it. */
public record PlanView(
        UUID id,
        UUID requestId,
        UUID sessionId,
        String text,
        int version,
        String status,
        String statusReason,
        String requestedBy,
        String team,
        String priority,
        boolean highValue,
        Planner planner,
        String planHash,
        Instant createdAt,
        Instant updatedAt,
        String approvedBy,
        Instant approvedAt,
        String rejectedReason,
        String cancelledBy,
        String cancelReason,
        Instant startedAt,
        Instant finishedAt,
        long estimatedSeconds,
        List<String> hosts,
        List<QuestionView> questions,
        List<StepView> steps,
        String auditCommit,
        String approvalMode,
        String approvalRule,
        ApprovalView approval,
        PlanFacts.Lapsed lapsed,
        List<String> notes,
        UUID rollbackOf,
        UUID rolledBackBy,
        Cost cost) {

    /** What a version that is no longer the newest is called. */
    static final String SUPERSEDED = "superseded";

    /**
     * How a plan that waits is to be approved.
     *
     * @param mode always, auto or two-person
     * @param rule the rule of the policy that says so, or null when none does
     * @param reason the same as a sentence
     * @param given who has approved already, where one is not enough
     */
    public record ApprovalView(String mode, String rule, String reason, List<Given> given) {
        public record Given(String by, Instant at) {}
    }

    /**
     * Whether it is known what a step would change; the whole is at {@code /preview}.
     *
     * @param status asked, ready, failed, unavailable, stale or stopped
     * @param changes how many tasks would change something
     */
    public record PreviewView(String status, String reason, int changes) {}

    /**
     * In US dollars.
     *
     * @param modelsUsd what asking models about it has cost so far
     * @param modelCalls how often one was asked
     * @param runUsd what the hosts are expected to cost while it runs; null when no price is set
     */
    public record Cost(BigDecimal modelsUsd, long modelCalls, BigDecimal runUsd) {}

    /** What is shown beside the plan itself. */
    public record Around(
            PlanFacts facts,
            ApprovalView approval,
            Map<Integer, PreviewView> previews,
            Map<Integer, List<WorkResult.Suggestion>> reviewed,
            Cost cost) {
        public static Around of(PlanFacts facts) {
            return new Around(facts, null, Map.of(), Map.of(), null);
        }
    }

    public record Planner(String name, String reason) {}

    public record QuestionView(
            Question.Code code,
            Integer stepNumber,
            String clause,
            String message,
            List<Candidate> candidates,
            String variable) {}

    public record VariableView(
            String name,
            JsonNode value,
            PlannedVariable.Source source,
            String quote,
            boolean secret,
            boolean required,
            String type) {

        static VariableView of(PlannedVariable variable, Redaction redaction) {
            JsonNode value = variable.secret() && variable.value() != null
                    ? TextNode.valueOf(PlannedVariable.REDACTED)
                    : variable.value();
            return new VariableView(
                    variable.name(),
                    value,
                    variable.source(),
                    redaction.text(variable.quote()),
                    variable.secret(),
                    variable.required(),
                    variable.type());
        }
    }

    public record StepView(
            UUID id,
            int number,
            String name,
            String clause,
            String playbook,
            String playbookId,
            String playbookHash,
            List<Integer> dependsOn,
            List<VariableView> variables,
            String inventory,
            String inventoryName,
            String inventorySource,
            List<String> hosts,
            Needs resources,
            long estimatedSeconds,
            String estimateSource,
            String risk,
            String agent,
            double matchConfidence,
            Score score,
            String status,
            String statusReason,
            Instant dispatchedAt,
            Instant startedAt,
            Instant finishedAt,
            Integer exitCode,
            Map<String, WorkResult.HostRecap> recap,
            List<String> notices,
            List<WorkResult.Suggestion> suggestions,
            String auditCommit,
            String inventoryHash,
            PreviewView preview,
            boolean carried,
            List<String> changedFiles) {

        public static StepView of(Step step, Redaction redaction) {
            return of(step, redaction, null, List.of());
        }

        /** @param reviewed what a reviewer suggested beside the rules */
        static StepView of(Step step, Redaction redaction, PreviewView preview, List<WorkResult.Suggestion> reviewed) {
            PlannedStep spec = step.spec();
            return new StepView(
                    step.id(),
                    step.number(),
                    spec.name(),
                    redaction.text(spec.clause()),
                    spec.playbook(),
                    spec.playbookId(),
                    spec.playbookHash(),
                    spec.dependsOn(),
                    spec.variables().stream()
                            .map(v -> VariableView.of(v, redaction))
                            .toList(),
                    spec.inventory(),
                    spec.inventoryName(),
                    spec.inventorySource(),
                    spec.hosts(),
                    spec.resources(),
                    spec.estimatedSeconds(),
                    spec.estimateSource(),
                    spec.risk(),
                    step.agent(),
                    spec.matchConfidence(),
                    spec.score(),
                    step.status().wire(),
                    step.statusReason(),
                    step.dispatchedAt(),
                    step.startedAt(),
                    step.finishedAt(),
                    step.exitCode(),
                    step.outcome().recap(),
                    step.outcome().notices(),
                    Stream.concat(step.outcome().suggestions().stream(), reviewed.stream())
                            .toList(),
                    step.auditCommit(),
                    spec.inventoryHash(),
                    preview,
                    step.carriedFrom() != null,
                    step.changedFiles());
        }
    }

    public static PlanView of(Plan plan, PlanVersion version, List<Step> steps, Around around) {
        Redaction redaction = Redaction.of(steps.stream().map(Step::spec).toList());
        boolean current = version.version() == plan.version();
        return new PlanView(
                plan.id(),
                plan.requestId(),
                plan.sessionId(),
                redaction.text(plan.text()),
                version.version(),
                current ? plan.status().wire() : SUPERSEDED,
                current ? plan.statusReason() : "Version " + plan.version() + " took its place.",
                plan.requestedBy(),
                plan.team(),
                plan.priority(),
                plan.highValue(),
                new Planner(plan.plannerName(), plan.plannerReason()),
                version.planHash(),
                plan.createdAt(),
                plan.updatedAt(),
                plan.approvedBy(),
                plan.approvedAt(),
                plan.rejectedReason(),
                plan.cancelledBy(),
                plan.cancelReason(),
                plan.startedAt(),
                plan.finishedAt(),
                version.estimatedSeconds(),
                version.hosts(),
                version.questions().stream()
                        .map(q -> question(q, steps, redaction))
                        .toList(),
                steps.stream()
                        .map(step -> StepView.of(
                                step,
                                redaction,
                                around.previews().get(step.number()),
                                around.reviewed().getOrDefault(step.number(), List.of())))
                        .toList(),
                plan.auditCommit(),
                around.facts().approvalMode(),
                around.facts().approvalRule(),
                around.approval(),
                around.facts().lapsed(),
                around.facts().notes(),
                around.facts().rollbackOf(),
                around.facts().rolledBackBy(),
                around.cost());
    }

    private static QuestionView question(Question question, List<Step> steps, Redaction redaction) {
        Integer number = steps.stream()
                .filter(step -> step.id().equals(question.stepId()))
                .map(Step::number)
                .findFirst()
                .orElse(null);
        return new QuestionView(
                question.code(),
                number,
                redaction.text(question.clause()),
                redaction.text(question.message()),
                question.candidates(),
                question.variable());
    }
}
