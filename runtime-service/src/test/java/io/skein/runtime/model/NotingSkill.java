package io.skein.runtime.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import java.util.ArrayList;
import java.util.List;

/** Remembers how it was used. */
final class NotingSkill implements Skill {

    final List<ObjectNode> used = new ArrayList<>();

    private final String name;

    NotingSkill(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "Does " + name + ".";
    }

    @Override
    public ObjectNode inputSchema() {
        return SkillSchema.of("""
                {"type": "object", "additionalProperties": false, "properties": {"what": {"type": "string"}}}""");
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        used.add(call.input());
        return new SkillOutcome.Done(SkillSchema.of("{\"ok\": true}"));
    }
}
