package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says everything that is wrong with a definition at once. */
@ApplicationScoped
class DefinitionCheck {

    /** Of a document that is wrong everywhere these are enough to begin with. */
    static final int MAX_VIOLATIONS = 200;

    private static final int MAX_DIGITS = 60;

    private final DefinitionSchema schema;

    @Inject
    DefinitionCheck(DefinitionSchema schema) {
        this.schema = schema;
    }

    List<Violation> violations(JsonNode document) {
        List<Violation> found = new ArrayList<>();
        storable(document, List.of(), found);
        if (!found.isEmpty()) {
            // What cannot be stored cannot be shown either, so nothing else is said about it.
            return cut(found);
        }
        found.addAll(schema.violations(document));
        Set<List<Object>> places = new HashSet<>();
        found.forEach(violation -> places.add(violation.at()));
        for (Violation violation : DefinitionRules.violations(document)) {
            if (!places.contains(violation.at())) {
                found.add(violation);
            }
        }
        return cut(found);
    }

    /** @throws ProblemException validation_failed with every violation */
    void require(JsonNode document) {
        List<Map<String, Object>> members = violations(document).stream()
                .map(violation -> violation.toMember(null))
                .toList();
        refuse(members);
    }

    /** The same for several, the violations name the document, from 1. */
    void require(List<JsonNode> documents) {
        List<Map<String, Object>> members = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (int index = 0; index < documents.size() && members.size() < MAX_VIOLATIONS; index++) {
            int number = index + 1;
            List<Violation> violations = violations(documents.get(index));
            violations.forEach(violation -> members.add(violation.toMember(number)));
            JsonNode metadata = documents.get(index).path("metadata");
            if (violations.isEmpty()
                    && !seen.add(List.of(
                            metadata.path("id").asText(),
                            metadata.path("version").asText()))) {
                members.add(Violation.at("an earlier document is this version of it", "metadata", "version")
                        .toMember(number));
            }
        }
        refuse(members);
    }

    private static void refuse(List<Map<String, Object>> members) {
        if (members.isEmpty()) {
            return;
        }
        Map<String, Object> first = members.getFirst();
        String where =
                (first.containsKey("document") ? "document " + first.get("document") + ", " : "") + first.get("field");
        String more = members.size() == 1 ? "" : " (and " + (members.size() - 1) + " more)";
        throw new ProblemException(ErrorCode.VALIDATION_FAILED, where + ": " + first.get("message") + more)
                .with("violations", members);
    }

    private static List<Violation> cut(List<Violation> found) {
        return found.size() <= MAX_VIOLATIONS ? found : List.copyOf(found.subList(0, MAX_VIOLATIONS));
    }

    private static void storable(JsonNode node, List<Object> at, List<Violation> found) {
        if (found.size() >= MAX_VIOLATIONS) {
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(member -> {
                if (isText(member.getKey())) {
                    storable(member.getValue(), Violation.append(at, member.getKey()), found);
                } else {
                    found.add(new Violation(at, "has a member whose name holds a NUL or half a character"));
                }
            });
        } else if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                storable(node.get(index), Violation.append(at, index), found);
            }
        } else if (node.isTextual() && !isText(node.textValue())) {
            found.add(new Violation(at, "holds a NUL or half a character"));
        } else if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS) {
                found.add(new Violation(at, "has more than " + MAX_DIGITS + " digits"));
            }
        }
    }

    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
