package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
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

    /**
     * False when a second call with the same key may do it a second time. Then a step that was cut off, and whose end nobody knows, fails
     * and is not run again.
     */
    default boolean isRepeatable() {
        return true;
    }

    /** How something begun stands: asked when an event hints at news, and every few seconds. */
    default SkillOutcome look(SkillCall call, SkillOutcome.Waiting begun) {
        return begun;
    }

    /** What became of something a step took, and the task still has. */
    enum Kept {
        /** Still there. */
        HELD,
        /** The task itself gave it back. */
        GIVEN_BACK,
        /** Gone, and the task does not know. */
        LOST
    }

    /** True when a step that is done has taken something: it is kept while the task goes on, and given back when the task ends. */
    default boolean takes() {
        return false;
    }

    /** Keeps what a step took, every few seconds. A skill that cannot be asked now says {@link Kept#HELD}. */
    default Kept keep(SkillCall call, JsonNode output) {
        return Kept.HELD;
    }

    /** Gives back what a step took: its task has ended, well or not. Again is fine. */
    default void giveBack(SkillCall call, JsonNode output) {}

    /**
     * Takes back what was begun and is not wanted any more: its task was stopped or ran out of time. Again is fine.
     *
     * @param begun with a null reference when nobody knows whether it was begun
     */
    default void withdraw(SkillCall call, SkillOutcome.Waiting begun) {}
}
