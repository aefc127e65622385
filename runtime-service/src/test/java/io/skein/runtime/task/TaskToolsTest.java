package io.skein.runtime.task;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import org.junit.jupiter.api.Test;

class TaskToolsTest {

    private record Foreign(ObjectNode inputSchema) implements Skill {

        @Override
        public String name() {
            return "mcp.strange.tool";
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            throw new UnsupportedOperationException();
        }
    }

    /** A server's schema that refers to itself is an input that cannot be checked, and no thread that dies of it. */
    @Test
    void aSchemaWithoutEndIsRefused() {
        TaskTools tools = new TaskTools(null, null);
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        assertNotNull(tools.violation(new Foreign(SkillSchema.of("{\"allOf\": [{\"$ref\": \"#\"}]}")), input));
        assertNull(tools.violation(new Foreign(SkillSchema.of("{\"type\": \"object\"}")), input));
    }
}
