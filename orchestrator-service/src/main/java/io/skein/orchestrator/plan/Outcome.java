package io.skein.orchestrator.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.contracts.agent.WorkResult;
import java.util.List;
import java.util.Map;

/** What a step left behind: recap per host, notices, suggestions, resources used. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Outcome(
        Map<String, WorkResult.HostRecap> recap,
        List<String> notices,
        List<WorkResult.Suggestion> suggestions,
        WorkResult.Usage usage) {

    public static final Outcome NOTHING = new Outcome(Map.of(), List.of(), List.of(), null);

    public Outcome {
        recap = recap == null ? Map.of() : Map.copyOf(recap);
        notices = notices == null ? List.of() : List.copyOf(notices);
        suggestions = suggestions == null ? List.of() : List.copyOf(suggestions);
    }

    public static Outcome of(WorkResult result) {
        return new Outcome(result.hosts(), result.notices(), result.suggestions(), result.usage());
    }
}
