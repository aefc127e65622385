package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Takes the values of a plan's secret variables out of any text about it: a request may contain them word for word. */
public final class Redaction {

    /** Shorter values occur by chance; blanking them would blank half the text. */
    private static final int MIN_LENGTH = 4;

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    public static Redaction of(Collection<PlannedStep> steps) {
        List<String> values = new ArrayList<>();
        for (PlannedStep step : steps) {
            for (PlannedVariable variable : step.variables()) {
                if (variable.secret() && variable.isGiven()) {
                    collect(variable.value(), values);
                }
            }
        }
        return new Redaction(values.stream()
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    private static void collect(JsonNode value, List<String> values) {
        if (value.isContainerNode()) {
            value.forEach(child -> collect(child, values));
        } else if (value.asText().length() >= MIN_LENGTH) {
            values.add(value.asText());
        }
    }

    public String text(String text) {
        String clean = text;
        if (clean != null) {
            for (String secret : secrets) {
                clean = clean.replace(secret, PlannedVariable.REDACTED);
            }
        }
        return clean;
    }
}
