package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Something an agent can do. One bean per skill. */
public interface Skill {

    /** As definitions name it: {@code plan.run}. */
    String name();

    /** One sentence, for a model that chooses among them. */
    String description();

    /** JSON Schema of the input: what rules write under {@code with}, and a model as a tool's arguments. */
    ObjectNode inputSchema();

    /**
     * Does it, or begins it. Called again with the same {@link SkillCall#key()} after a crash: what the other side can tell apart by
     * that key must not happen twice.
     */
    SkillOutcome run(SkillCall call);

    /** How something begun stands: asked when an event hints at news, and every few seconds. */
    default SkillOutcome look(SkillCall call, SkillOutcome.Waiting begun) {
        return begun;
    }

    /** Takes back what was begun and is not wanted any more: its task was stopped or ran out of time. */
    default void withdraw(SkillCall call, SkillOutcome.Waiting begun) {}
}
