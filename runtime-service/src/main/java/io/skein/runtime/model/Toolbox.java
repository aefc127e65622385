package io.skein.runtime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.models.LanguageModel;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCatalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The skills a definition declares, and no other, under names that providers take ({@code plan.run} is {@code plan_run}). The same
 * definition gives the same names each time.
 */
final class Toolbox {

    /** What the strictest provider takes. */
    private static final int MAX_NAME = 64;

    private static final int MAX_DESCRIPTION = 2000;

    /**
     * A declared skill that exists.
     *
     * @param description the skill's own and what the definition says about it
     * @param schema of the input
     */
    record Declared(Skill skill, String description, ObjectNode schema) {}

    private final Map<String, Declared> byTool = new LinkedHashMap<>();
    private final Map<String, String> toolOf = new LinkedHashMap<>();

    Toolbox(JsonNode definition, SkillCatalog catalog) {
        for (JsonNode entry : definition.path("skills")) {
            String name = entry.path("name").asText();
            Optional<Skill> found = catalog.find(name);
            if (found.isPresent() && !toolOf.containsKey(name)) {
                Skill skill = found.get();
                String said = entry.path("description").asText("");
                String description = said.isEmpty() ? skill.description() : skill.description() + "\n" + said;
                String tool = free(name);
                toolOf.put(name, tool);
                byTool.put(tool, new Declared(skill, shortened(description), skill.inputSchema()));
            }
        }
    }

    private String free(String skill) {
        String plain = skill.replaceAll("[^A-Za-z0-9_-]", "_");
        String base = plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
        String name = base;
        for (int i = 2; byTool.containsKey(name); i++) {
            String suffix = "_" + i;
            name = base.substring(0, Math.min(base.length(), MAX_NAME - suffix.length())) + suffix;
        }
        return name;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_DESCRIPTION ? text : text.substring(0, MAX_DESCRIPTION);
    }

    Optional<Declared> find(String tool) {
        return Optional.ofNullable(byTool.get(tool));
    }

    /** How a step's skill is called here; of one that is not declared any more, a name that no tool has. */
    String toolOf(String skill) {
        return toolOf.getOrDefault(skill, "gone");
    }

    List<String> names() {
        return List.copyOf(byTool.keySet());
    }

    List<LanguageModel.Tool> tools() {
        return byTool.entrySet().stream()
                .map(entry -> new LanguageModel.Tool(
                        entry.getKey(),
                        entry.getValue().description(),
                        entry.getValue().schema()))
                .toList();
    }
}
