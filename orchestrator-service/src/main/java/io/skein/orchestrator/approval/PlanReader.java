package io.skein.orchestrator.approval;

import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.cost.PlanCosts;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanEvent;
import io.skein.orchestrator.plan.PlanEventRepository;
import io.skein.orchestrator.plan.PlanFactsRepository;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.policy.ApprovalConfig;
import io.skein.orchestrator.policy.ApprovalPolicy;
import io.skein.orchestrator.policy.Decision;
import io.skein.orchestrator.preview.PreviewService;
import io.skein.orchestrator.review.Review;
import io.skein.orchestrator.review.ReviewRepository;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads plans for people: each their own, admins those of their team, services all. */
@ApplicationScoped
public class PlanReader {

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanEventRepository events;

    @Inject
    PlanFactsRepository facts;

    @Inject
    PreviewService previews;

    @Inject
    ReviewRepository reviews;

    @Inject
    PlanCosts costs;

    @Inject
    ApprovalPolicy policy;

    @Inject
    GivenApprovalRepository approvals;

    @Inject
    Caller caller;

    /** A plan in a list. */
    public record PlanSummary(
            UUID id,
            String text,
            String status,
            String statusReason,
            int version,
            String requestedBy,
            String team,
            UUID sessionId,
            int steps,
            List<String> hosts,
            long estimatedSeconds,
            Instant createdAt,
            Instant startedAt,
            Instant finishedAt,
            String auditCommit) {}

    /** A version in a list. */
    public record VersionSummary(
            int version,
            String planHash,
            String createdBy,
            Instant createdAt,
            String summary,
            int steps,
            int questions,
            boolean current) {}

    /** @throws ProblemException not_found when it is not there or not for the caller to see */
    public static Plan visible(Plan plan, Caller caller) {
        caller.requireVisible(plan.team(), plan.requestedBy(), "such plan");
        return plan;
    }

    static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such plan");
        }
    }

    public Plan plan(String id) {
        UUID planId = id(id);
        return visible(
                jdbi.withHandle(handle -> plans.find(handle, planId))
                        .orElseThrow(() -> ProblemException.notFound("such plan")),
                caller);
    }

    public PlanView view(String id, Integer version) {
        Plan plan = plan(id);
        return jdbi.inTransaction(tx -> view(tx, plans.find(tx, plan.id()).orElseThrow(), version));
    }

    public PlanView view(Handle handle, Plan plan, Integer version) {
        int wanted = version == null ? plan.version() : version;
        PlanVersion found = plans.version(handle, plan.id(), wanted)
                .orElseThrow(() -> ProblemException.notFound("version " + wanted + " of this plan"));
        List<Step> all = steps.ofPlan(handle, plan.id(), wanted);
        PlanView.Around around = new PlanView.Around(
                facts.find(handle, plan.id(), wanted),
                wanted == plan.version() ? approval(handle, plan, all) : null,
                previews.inShort(handle, plan.id(), wanted),
                reviewed(handle, plan, all, wanted),
                costs.of(handle, plan.id(), all.stream().map(Step::spec).toList()));
        return PlanView.of(plan, found, all, around);
    }

    private Map<Integer, List<WorkResult.Suggestion>> reviewed(Handle handle, Plan plan, List<Step> all, int version) {
        Map<Integer, String> playbooks = all.stream()
                .collect(Collectors.toMap(Step::number, step -> step.spec().playbook()));
        return reviews.find(handle, plan.id(), version)
                .map(review -> review.suggestions().stream()
                        .collect(Collectors.groupingBy(
                                Review.Suggestion::step,
                                Collectors.mapping(
                                        said -> new WorkResult.Suggestion(
                                                "review",
                                                "medium",
                                                review.reviewer(),
                                                said.text(),
                                                playbooks.get(said.step()),
                                                0),
                                        Collectors.toList()))))
                .orElse(Map.of());
    }

    /** How it is to be approved; null when nobody has to say anything. */
    private PlanView.ApprovalView approval(Handle handle, Plan plan, List<Step> all) {
        if (plan.status() != PlanStatus.AWAITING_APPROVAL) {
            return null;
        }
        Decision decision =
                policy.decide(handle, plan, all.stream().map(Step::spec).toList());
        return new PlanView.ApprovalView(
                decision.mode() == ApprovalConfig.Mode.AUTO
                        ? ApprovalConfig.Mode.ALWAYS.wire()
                        : decision.mode().wire(),
                decision.rule(),
                decision.mode() == ApprovalConfig.Mode.AUTO
                        ? "A person has to approve: this version was not proposed for the first time."
                        : decision.reason(),
                approvals.given(handle, plan));
    }

    /** What each step of a version would change. */
    PlanPreview preview(String id, Integer version) {
        Plan plan = plan(id);
        return jdbi.withHandle(handle -> preview(handle, plan, version));
    }

    PlanPreview preview(Handle handle, Plan plan, Integer version) {
        int wanted = version == null ? plan.version() : version;
        PlanVersion found = plans.version(handle, plan.id(), wanted)
                .orElseThrow(() -> ProblemException.notFound("version " + wanted + " of this plan"));
        return PlanPreview.of(
                plan.id(),
                found,
                steps.ofPlan(handle, plan.id(), wanted),
                previews.ofVersion(handle, plan.id(), wanted));
    }

    /** What is different between two versions. */
    VersionDiff diff(String id, int from, Integer to) {
        Plan plan = plan(id);
        return jdbi.withHandle(handle -> {
            int other = to == null ? plan.version() : to;
            for (int version : new int[] {from, other}) {
                if (plans.version(handle, plan.id(), version).isEmpty()) {
                    throw ProblemException.notFound("version " + version + " of this plan");
                }
            }
            return VersionDiff.of(
                    from,
                    steps.ofPlan(handle, plan.id(), from).stream()
                            .map(Step::spec)
                            .toList(),
                    other,
                    steps.ofPlan(handle, plan.id(), other).stream()
                            .map(Step::spec)
                            .toList());
        });
    }

    Page<PlanSummary> list(Integer size, String after, String status) {
        int limit = Page.size(size);
        PlanStatus wanted = null;
        if (status != null && !status.isBlank()) {
            try {
                wanted = PlanStatus.fromWire(status);
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid("status", "is none of a plan's states");
            }
        }
        UUID cursor = Page.afterId(after);
        Visibility visibility = caller.visibility();
        PlanStatus filter = wanted;
        return jdbi.withHandle(handle -> {
            List<PlanSummary> found = plans.list(handle, visibility, filter, cursor, limit + 1).stream()
                    .map(PlanReader::summary)
                    .toList();
            return Page.of(found, limit, summary -> summary.id().toString());
        });
    }

    private static PlanSummary summary(PlanRepository.Listed listed) {
        Plan plan = listed.plan();
        return new PlanSummary(
                plan.id(),
                plan.text(),
                plan.status().wire(),
                plan.statusReason(),
                plan.version(),
                plan.requestedBy(),
                plan.team(),
                plan.sessionId(),
                listed.steps(),
                listed.hosts(),
                listed.estimatedSeconds(),
                plan.createdAt(),
                plan.startedAt(),
                plan.finishedAt(),
                plan.auditCommit());
    }

    Page<VersionSummary> versions(String id) {
        Plan plan = plan(id);
        return jdbi.withHandle(handle -> new Page<>(
                plans.versions(handle, plan.id()).stream()
                        .map(version -> new VersionSummary(
                                version.version(),
                                version.planHash(),
                                version.createdBy(),
                                version.createdAt(),
                                version.summary(),
                                steps.ofPlan(handle, plan.id(), version.version())
                                        .size(),
                                version.questions().size(),
                                version.version() == plan.version()))
                        .toList(),
                null));
    }

    Page<PlanEvent> log(String id, int number, Integer size, String after) {
        Plan plan = plan(id);
        int limit = Page.size(size);
        long seq = sequence("after", after);
        return jdbi.withHandle(handle -> {
            Step step = steps.ofPlan(handle, plan.id(), plan.version()).stream()
                    .filter(s -> s.number() == number)
                    .findFirst()
                    .orElseThrow(() -> ProblemException.notFound("step " + number + " in this plan"));
            List<PlanEvent> found = events.ofStep(handle, plan.id(), step.ranAs(), seq, limit + 1);
            return Page.of(found, limit, event -> String.valueOf(event.seq()));
        });
    }

    /** A sequence number out of a parameter; 0 when it is not given. */
    public static long sequence(String name, String value) {
        if (value == null || value.isBlank()) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(value.strip()));
        } catch (NumberFormatException e) {
            throw ProblemException.invalid(name, "is no sequence number");
        }
    }
}
