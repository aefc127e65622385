package io.skein.orchestrator.counsel;

import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What can be said of a plan without a model: where it is, what went wrong, and what it waits for. It claims no more. */
final class StateInWords {

    private static final int MAX_TEXT = 300;

    private StateInWords() {}

    static String of(PlanAccount account) {
        // First of all, so that no cut leaves a part of a secret.
        Redaction redaction = account.redaction();
        List<String> said = new ArrayList<>();
        said.add(status(account, redaction));
        account.steps().stream().filter(PlanAccount::wentWrong).forEach(step -> {
            said.add(wrong(step, redaction));
            List<String> failed = account.failedTasks().getOrDefault(step.number(), List.of()).stream()
                    .map(task -> "\"" + task.path("task").asText() + "\" on "
                            + task.path("host").asText() + ": "
                            + PlainText.of(redaction.text(task.path("message").asText()), MAX_TEXT))
                    .toList();
            failed.stream()
                    .reduce((first, last) -> last)
                    .ifPresent(last -> said.add("Its last failed task was " + last));
            int suggestions = step.outcome().suggestions().size();
            if (suggestions > 0) {
                said.add("The linter has " + suggestions + (suggestions == 1 ? " suggestion" : " suggestions")
                        + " for it; the plan's page shows them.");
            }
        });
        String skipped = numbers(account, StepStatus.SKIPPED);
        if (!skipped.isEmpty()) {
            said.add("Not run because of it: " + skipped + ".");
        }
        return redaction.text(String.join(" ", said));
    }

    static String ofNothing() {
        return "Nothing was asked for in this session yet, so there is no plan to tell of.";
    }

    private static String status(PlanAccount account, Redaction redaction) {
        Plan plan = account.plan();
        String waits = plan.statusReason() == null ? "" : " It waits: " + sentence(redaction, plan.statusReason());
        return switch (plan.status()) {
            case NEEDS_INPUT ->
                "The plan needs an answer before it can be approved: "
                        + account.version().questions().stream()
                                .map(Question::message)
                                .distinct()
                                .collect(Collectors.joining(" "));
            case AWAITING_APPROVAL ->
                "Version " + plan.version() + " of the plan, " + steps(account)
                        + ", waits for a person to approve it; nothing has run of this version." + waits;
            case APPROVED -> "The plan was approved by " + plan.approvedBy() + " and is about to run." + waits;
            case RUNNING -> "The plan is running: " + progress(account) + "." + waits;
            case PAUSED -> "The plan is paused: " + progress(account) + ". It goes on when somebody resumes it.";
            case COMPLETED -> "The plan is completed: all of " + steps(account) + " went right.";
            case FAILED -> "The plan failed: " + progress(account) + ".";
            case INTERRUPTED ->
                "The plan was interrupted: " + progress(account) + ". How far the running step came is not known.";
            case CANCELLED ->
                "The plan was cancelled by " + plan.cancelledBy()
                        + (plan.cancelReason() == null ? "." : ": " + sentence(redaction, plan.cancelReason()));
            case REJECTED ->
                "The plan was rejected"
                        + (plan.rejectedReason() == null ? "." : ": " + sentence(redaction, plan.rejectedReason()));
        };
    }

    private static String wrong(Step step, Redaction redaction) {
        return "Step " + step.number() + " (" + step.spec().name() + ", "
                + step.spec().playbook() + ") "
                + (step.status() == StepStatus.FAILED
                        ? "failed"
                        : "was " + step.status().wire())
                + (step.statusReason() == null ? "." : ": " + sentence(redaction, step.statusReason()));
    }

    private static String progress(PlanAccount account) {
        long done = account.steps().stream()
                .filter(step -> step.status() == StepStatus.COMPLETED)
                .count();
        String running = numbers(account, StepStatus.RUNNING);
        return done + " of " + steps(account) + " completed" + (running.isEmpty() ? "" : ", running: " + running);
    }

    private static String steps(PlanAccount account) {
        int count = account.steps().size();
        return count + (count == 1 ? " step" : " steps");
    }

    private static String numbers(PlanAccount account, StepStatus status) {
        return account.steps().stream()
                .filter(step -> step.status() == status)
                .map(step -> "step " + step.number() + " (" + step.spec().name() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String sentence(Redaction redaction, String text) {
        String plain = PlainText.of(redaction.text(text), MAX_TEXT);
        return plain.endsWith(".") ? plain : plain + ".";
    }
}
