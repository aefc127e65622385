package io.skein.orchestrator.approval;

import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.preview.Preview;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a version of a plan would change, step by step. */
public record PlanPreview(UUID planId, int version, String planHash, List<StepPreview> steps) {

    /**
     * @param status asked, ready, failed, unavailable, stale or stopped; none when nobody asked
     * @param reason a sentence, where it is not ready
     * @param hosts Ansible's recap per host
     * @param changes how many tasks would change something
     * @param total how many tasks there were
     * @param tasks those that would change something, failed or could not be foretold, with their diff
     * @param truncated there was more than fits
     */
    public record StepPreview(
            int number,
            String name,
            String playbook,
            String status,
            String reason,
            Map<String, WorkResult.HostRecap> hosts,
            int changes,
            Integer total,
            List<Preview.Task> tasks,
            boolean truncated,
            String askedBy,
            Instant askedAt,
            Instant finishedAt) {}

    static PlanPreview of(UUID planId, PlanVersion version, List<Step> steps, List<Preview> previews) {
        return new PlanPreview(
                planId,
                version.version(),
                version.planHash(),
                steps.stream()
                        .map(step -> previews.stream()
                                .filter(preview -> preview.number() == step.number())
                                .findFirst()
                                .map(preview -> of(step, preview))
                                .orElseGet(() -> none(step)))
                        .toList());
    }

    private static StepPreview of(Step step, Preview preview) {
        return new StepPreview(
                step.number(),
                step.spec().name(),
                step.spec().playbook(),
                preview.status().wire(),
                preview.reason(),
                preview.hosts(),
                preview.changes(),
                preview.total(),
                preview.tasks(),
                preview.truncated(),
                preview.askedBy(),
                preview.askedAt(),
                preview.finishedAt());
    }

    private static StepPreview none(Step step) {
        return new StepPreview(
                step.number(),
                step.spec().name(),
                step.spec().playbook(),
                "none",
                step.carriedFrom() == null ? "Nobody asked for one." : "It ran already, in an earlier version.",
                Map.of(),
                0,
                null,
                List.of(),
                false,
                null,
                null,
                null);
    }
}
