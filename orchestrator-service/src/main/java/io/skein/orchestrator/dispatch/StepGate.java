package io.skein.orchestrator.dispatch;

import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.Step;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What may keep a step, that could otherwise start now, from being given to an agent. */
public interface StepGate {

    /**
     * Asked in the transaction that would give the step away, which holds the lock on the plan's row. Asking twice changes nothing.
     *
     * @param all every step of the plan
     * @return what the step waits for, for a person; empty when it may start
     */
    Optional<String> closed(Handle tx, Plan plan, Step step, List<Step> all);
}
