package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a schema cannot say: that the parts of a definition fit each other. Parts of the wrong shape are skipped, the schema has
 * complained about them already.
 */
final class DefinitionRules {

    private static final String DELEGATE = "agent.delegate";

    /** Ids that the addresses below {@code /api/v1/agents} mean something else by. */
    private static final Set<String> TAKEN = Set.of("live", "search", "schema", "events", "import");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]{0,300})(}?)");
    private static final Pattern WAY = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private final JsonNode definition;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<String> skills = new HashSet<>();

    private DefinitionRules(JsonNode definition) {
        this.definition = definition;
    }

    static List<Violation> violations(JsonNode definition) {
        DefinitionRules rules = new DefinitionRules(definition);
        rules.metadata();
        rules.skills();
        rules.subagents();
        rules.permissions();
        rules.approvals();
        rules.rules();
        return rules.violations;
    }

    private void metadata() {
        JsonNode metadata = definition.path("metadata");
        if (TAKEN.contains(metadata.path("id").asText())) {
            add("is taken: /api/v1/agents/" + metadata.path("id").asText() + " is something else", "metadata", "id");
        }
        JsonNode version = metadata.path("version");
        if (version.isTextual() && !VersionRange.isVersion(version.textValue())) {
            add("must be a semantic version like 1.0.0, with numbers of at most 18 digits", "metadata", "version");
        }
    }

    private void skills() {
        JsonNode declared = definition.path("skills");
        for (int index = 0; index < declared.size(); index++) {
            JsonNode name = declared.path(index).path("name");
            if (name.isTextual() && !skills.add(name.textValue())) {
                add("is declared twice", "skills", index, "name");
            }
        }
    }

    private void subagents() {
        JsonNode subagents = definition.path("subagents");
        for (int index = 0; index < subagents.size(); index++) {
            JsonNode range = subagents.path(index).path("version");
            if (range.isTextual() && VersionRange.parse(range.textValue()).isEmpty()) {
                add("must be a version or a range like >=1.0.0, 1.x or latest", "subagents", index, "version");
            }
        }
        if (subagents.size() > 0 && !skills.contains(DELEGATE)) {
            add("get no task without the skill " + DELEGATE, "subagents");
        }
    }

    private void permissions() {
        JsonNode addresses = definition.path("permissions").path("http");
        for (int index = 0; index < addresses.size(); index++) {
            JsonNode address = addresses.path(index);
            if (address.isTextual() && !isAddress(address.textValue())) {
                add(
                        "must be an absolute http or https URL without user, query and fragment",
                        "permissions",
                        "http",
                        index);
            }
        }
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null
                    && uri.getScheme().matches("https?")
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() <= 65_535
                    && uri.getPort() != 0
                    && uri.normalize().equals(uri);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void approvals() {
        JsonNode waiting = definition.path("config").path("approval_required_for");
        for (int index = 0; index < waiting.size(); index++) {
            undeclared(waiting.path(index), "config", "approval_required_for", index);
        }
    }

    private void rules() {
        JsonNode rules = definition.path("rules");
        for (int rule = 0; rule < rules.size(); rule++) {
            JsonNode steps = rules.path(rule).path("do");
            Set<String> known = new HashSet<>();
            for (int number = 0; number < steps.size(); number++) {
                JsonNode step = steps.path(number);
                undeclared(step.path("skill"), "rules", rule, "do", number, "skill");
                if (step.path("skill").asText().equals(DELEGATE)
                        && definition.path("subagents").isEmpty()) {
                    add("needs subagents to hand tasks to", "rules", rule, "do", number, "skill");
                }
                references(step.path("with"), List.of("rules", rule, "do", number, "with"), known);
                String as = step.path("as").asText();
                if (!as.isEmpty() && !known.add(as)) {
                    add("is the name of an earlier step of this rule", "rules", rule, "do", number, "as");
                }
            }
        }
    }

    private void references(JsonNode value, List<Object> at, Set<String> steps) {
        if (value.isTextual()) {
            Matcher matcher = REFERENCE.matcher(value.textValue());
            while (matcher.find()) {
                String reason = matcher.group(2).isEmpty() ? "has no }" : unknown(matcher.group(1), steps);
                if (reason != null) {
                    violations.add(new Violation(at, "the reference ${" + cut(matcher.group(1)) + " " + reason));
                }
            }
        } else if (value.isArray()) {
            for (int index = 0; index < value.size(); index++) {
                references(value.path(index), Violation.append(at, index), steps);
            }
        } else if (value.isObject()) {
            value.properties()
                    .forEach(member -> references(member.getValue(), Violation.append(at, member.getKey()), steps));
        }
    }

    private static String unknown(String reference, Set<String> steps) {
        if (!WAY.matcher(reference).matches()) {
            return "is not a path like ${event.data.node}";
        }
        String[] way = reference.split("\\.");
        return switch (way[0]) {
            case "event", "task" -> way.length < 2 ? "names no member, like ${" + way[0] + ".id}" : null;
            case "steps" ->
                way.length >= 2 && steps.contains(way[1]) ? null : "names no earlier step of this rule by its \"as\"";
            default -> "begins with none of event, task and steps";
        };
    }

    private void undeclared(JsonNode skill, Object... at) {
        if (skill.isTextual() && !skills.contains(skill.textValue())) {
            add("is not among the skills this definition declares", at);
        }
    }

    private void add(String message, Object... at) {
        violations.add(Violation.at(message, at));
    }

    private static String cut(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text + "}";
    }
}
