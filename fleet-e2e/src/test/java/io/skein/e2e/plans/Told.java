package io.skein.e2e.plans;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * One transition, as the audit trail tells it.
 *
 * @param subject the plan or the step
 */
record Told(UUID plan, UUID subject, String type, String reason, String actor) {

    /** What has to be told of a plan, by what is recorded of it. That it waits no longer is no transition. */
    static List<Told> of(PlanHistory plan) {
        List<Told> told = new ArrayList<>();
        String status = null;
        for (PlanHistory.Recorded event : plan.recorded()) {
            switch (event.kind()) {
                case "plan" -> {
                    boolean moved = !Objects.equals(event.status(), status);
                    if (moved || event.reason() != null) {
                        String what = status == null ? "created" : moved ? verb(event.status()) : "waiting";
                        told.add(new Told(plan.id(), plan.id(), "plan." + what, event.reason(), event.actor()));
                    }
                    status = event.status();
                }
                case "step" ->
                    told.add(new Told(
                            plan.id(), event.step(), "step." + verb(event.status()), event.reason(), event.actor()));
                default -> {
                    // What a playbook's tasks did is in the record of the step.
                }
            }
        }
        return told;
    }

    private static String verb(String status) {
        return switch (status) {
            case "running" -> "started";
            case "paused" -> "waiting";
            case "refused" -> "failed";
            default -> status;
        };
    }
}
