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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
        String auditCommit) {

    /** What a version that is no longer the newest is called. */
    static final String SUPERSEDED = "superseded";

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
            String auditCommit) {

        public static StepView of(Step step, Redaction redaction) {
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
                    step.outcome().suggestions(),
                    step.auditCommit());
        }
    }

    public static PlanView of(Plan plan, PlanVersion version, List<Step> steps) {
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
                steps.stream().map(step -> StepView.of(step, redaction)).toList(),
                plan.auditCommit());
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
