package io.skein.orchestrator.approval;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.advice.Advisers;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.planning.Advice;
import io.skein.orchestrator.planning.ChangeAdviser;
import io.skein.orchestrator.planning.Edit;
import io.skein.orchestrator.planning.Edited;
import io.skein.orchestrator.planning.PlanEditor;
import io.skein.orchestrator.planning.Wish;
import io.skein.orchestrator.session.SessionRepository;
import io.skein.platform.auth.Caller;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Makes version n+1 of a plan. */
@ApplicationScoped
class PlanChanges {

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    PlanReader reader;

    @Inject
    PlanEditor editor;

    @Inject
    Advisers advisers;

    @Inject
    SessionRepository sessions;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /** Either {@code text} or {@code edit}. */
    PlanView modify(String id, String text, Edit edit) {
        Plan seen = reader.plan(id);
        requireOpen(seen);
        Draft current = jdbi.withHandle(handle -> draft(handle, seen));
        Wish wish = new Wish(text, seen.team(), seen.sessionId(), seen.inventory());
        // Asks other services, so it is done before the plan's row is locked.
        Edited edited = text != null
                ? editor.edit(current, text, wish, adviser(seen))
                : new Edited(editor.edit(current, edit, wish), Advice.EMBEDDED);
        Draft next = edited.draft();
        if (next.steps().isEmpty() && next.questions().isEmpty()) {
            throw ProblemException.invalid(
                    text != null ? "text" : "steps", "nothing would be left of the plan; reject or cancel it instead");
        }
        return jdbi.inTransaction(tx -> {
            Plan plan = plans.lock(tx, seen.id()).orElseThrow();
            requireOpen(plan);
            if (plan.version() != seen.version()) {
                throw new ProblemException(
                                ErrorCode.PLAN_CHANGED,
                                "Somebody made version " + plan.version()
                                        + " meanwhile. Look at it, then change that one.")
                        .with("version", plan.version());
            }
            PlanVersion version = new PlanVersion(
                    plan.version() + 1,
                    PlanHash.of(next.steps()),
                    next.questions(),
                    next.hosts(),
                    next.estimatedSeconds(),
                    caller.name(),
                    clock.instant(),
                    summary(current.steps(), next.steps())
                            + (edited.isAdvised() ? ", as " + edited.reader() + " reads it" : ""));
            plans.insertVersion(tx, plan.id(), version);
            steps.insert(tx, plan.id(), version.version(), next.steps());
            PlanStatus status = next.needsInput() ? PlanStatus.NEEDS_INPUT : PlanStatus.AWAITING_APPROVAL;
            String shown = Redaction.of(next.steps()).text(plan.text());
            if (!shown.equals(plan.text())) {
                plans.text(tx, plan.id(), shown);
            }
            if (text != null) {
                converse(tx, plan, text, next, version);
            }
            journal.modified(tx, plan, version, status, new PlanJournal.Author(caller.actor(), caller.traceId()));
            return reader.view(tx, plans.find(tx, plan.id()).orElseThrow(), null);
        });
    }

    private ChangeAdviser adviser(Plan plan) {
        return advisers.ofChanges(
                new Asker(plan.team(), caller.name(), plan.sessionId(), plan.id(), caller.traceId()), plan.highValue());
    }

    /** What was said belongs to the conversation, as the request did. */
    private void converse(Handle tx, Plan plan, String text, Draft next, PlanVersion version) {
        String said = Redaction.of(next.steps()).text(text);
        String questions = next.questions().stream()
                .map(question -> "\n" + question.message())
                .distinct()
                .collect(Collectors.joining());
        sessions.say(tx, plan.sessionId(), "user", said, plan.id(), version.createdAt());
        sessions.say(
                tx,
                plan.sessionId(),
                "assistant",
                "Version " + version.version() + ": " + version.summary() + "." + questions,
                plan.id(),
                version.createdAt());
    }

    private static void requireOpen(Plan plan) {
        if (plan.status() != PlanStatus.NEEDS_INPUT && plan.status() != PlanStatus.AWAITING_APPROVAL) {
            throw plan.illegal("modified");
        }
    }

    private Draft draft(Handle handle, Plan plan) {
        PlanVersion version = plans.version(handle, plan.id(), plan.version()).orElseThrow();
        return new Draft(
                steps.ofPlan(handle, plan.id(), plan.version()).stream()
                        // What ran in an earlier version is done; it is no longer part of what can be changed.
                        .filter(step -> step.status() == StepStatus.PENDING)
                        .map(Step::spec)
                        .toList(),
                version.questions());
    }

    /** What is different, in a sentence. */
    static String summary(List<PlannedStep> before, List<PlannedStep> after) {
        List<String> changes = new ArrayList<>();
        List<PlannedStep> left = new ArrayList<>(before);
        List<Integer> order = new ArrayList<>();
        for (PlannedStep step : after) {
            Optional<PlannedStep> same = left.stream()
                    .filter(old ->
                            old.playbook().equals(step.playbook()) && Objects.equals(old.clause(), step.clause()))
                    .findFirst()
                    .or(() -> left.stream()
                            .filter(old -> old.playbook().equals(step.playbook()))
                            .findFirst());
            if (same.isEmpty()) {
                changes.add("added " + step.playbook());
                continue;
            }
            left.remove(same.get());
            order.add(same.get().number());
            differences(same.get(), step, changes);
        }
        left.forEach(old -> changes.add("dropped " + old.playbook()));
        if (!order.equals(order.stream().sorted().toList())) {
            changes.add("reordered");
        }
        return changes.isEmpty() ? "no change" : String.join("; ", changes);
    }

    private static void differences(PlannedStep before, PlannedStep after, List<String> changes) {
        for (PlannedVariable variable : after.variables()) {
            var old =
                    before.variable(variable.name()).map(PlannedVariable::value).orElse(null);
            if (!Objects.equals(old, variable.value())) {
                changes.add(variable.name() + " = "
                        + (variable.secret() ? PlannedVariable.REDACTED : String.valueOf(variable.value())));
            }
        }
        if (!Objects.equals(before.inventory(), after.inventory())
                || !before.hosts().equals(after.hosts())) {
            changes.add(after.playbook() + " on "
                    + (after.hosts().isEmpty() ? "no host yet" : String.join(", ", after.hosts())));
        }
    }
}
