package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.Courses;
import io.skein.runtime.course.Move;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCatalog;
import io.skein.runtime.skill.SkillSchema;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a task is worked on with: its course, and the skills, as far as its agent's definition goes. */
@ApplicationScoped
class TaskTools {

    static final int MAX_OUTPUT_CHARS = 256 * 1024;

    /** An escaped NUL that is not itself behind an escaped backslash; PostgreSQL stores none. */
    private static final Pattern NUL = Pattern.compile("((?<!\\\\)(?:\\\\\\\\)*)\\\\u0000");

    private final Courses courses;
    private final SkillCatalog skills;

    @Inject
    TaskTools(Courses courses, SkillCatalog skills) {
        this.courses = courses;
        this.skills = skills;
    }

    Move next(TaskSoFar task) {
        return courses.of(task.definition()).next(task);
    }

    Optional<Skill> skill(String name) {
        return skills.find(name);
    }

    /** A definition that lists its skills has no others. */
    static boolean has(JsonNode definition, String skill) {
        if (!definition.has("skills")) {
            return true;
        }
        for (JsonNode listed : definition.path("skills")) {
            if (listed.path("name").asText().equals(skill)) {
                return true;
            }
        }
        return false;
    }

    static boolean asksFirst(JsonNode definition, String skill) {
        for (JsonNode listed : definition.path("config").path("approval_required_for")) {
            if (listed.asText().equals(skill)) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with an input, or null. */
    String violation(Skill skill, ObjectNode input) {
        List<String> violations = SkillSchema.violations(skill.inputSchema(), input);
        return violations.isEmpty() ? null : violations.getFirst();
    }

    static JsonNode storable(JsonNode json) {
        String text = WireFormat.writeString(json);
        return text.contains("\\u0000")
                ? WireFormat.read(NUL.matcher(text).replaceAll("$1\uFFFD"), JsonNode.class)
                : json;
    }

    static String storable(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }
}
