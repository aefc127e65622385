package io.skein.registry.definition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.skein.contracts.event.Priority;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Reading definitions. */
@ApplicationScoped
class DefinitionService {

    private static final int MAX_DEFINITIONS = 10_000;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            @JsonUnwrapped AgentDefinition.Metadata metadata,
            String team,
            String status,
            Instant publishedAt,
            AgentDefinition.Goal goal,
            List<AgentDefinition.Trigger> triggers,
            List<AgentDefinition.Skill> skills) {}

    /** A definition that an event may wake, with the triggers whose pattern fits; their filters are for the asker to hold against the event. */
    record Match(String id, String version, Priority priority, List<AgentDefinition.Trigger> triggers) {}

    private final DefinitionRepository definitions;
    private final Jdbi jdbi;

    @Inject
    DefinitionService(DefinitionRepository definitions, Jdbi jdbi) {
        this.definitions = definitions;
        this.jdbi = jdbi;
    }

    Page<View> list(String team, String after, int size) {
        List<View> views = jdbi.withHandle(handle -> definitions.newest(handle, team, after, size + 1)).stream()
                .map(DefinitionService::view)
                .toList();
        return Page.of(views, size, view -> view.metadata().id());
    }

    View get(String team, String id) {
        return jdbi.withHandle(handle -> definitions.newest(handle, team, id))
                .map(DefinitionService::view)
                .orElseThrow(() -> ProblemException.notFound("agent " + id));
    }

    /** Published definitions a trigger of which fits the type, most urgent first. */
    List<Match> wokenBy(String team, String type) {
        List<Match> matches = new ArrayList<>();
        for (DefinitionRepository.Stored stored :
                jdbi.withHandle(handle -> definitions.newest(handle, team, null, MAX_DEFINITIONS))) {
            AgentDefinition definition = stored.definition();
            List<AgentDefinition.Trigger> fitting = definition.triggers().stream()
                    .filter(trigger -> EventPattern.matches(trigger.event(), type))
                    .sorted(Comparator.comparing(AgentDefinition.Trigger::priority))
                    .toList();
            if (!fitting.isEmpty()) {
                matches.add(new Match(
                        definition.metadata().id(),
                        definition.metadata().version(),
                        fitting.getFirst().priority(),
                        fitting));
            }
        }
        matches.sort(Comparator.comparing(Match::priority).thenComparing(Match::id));
        return matches;
    }

    private static View view(DefinitionRepository.Stored stored) {
        AgentDefinition definition = stored.definition();
        return new View(
                definition.metadata(),
                stored.team(),
                stored.status(),
                stored.publishedAt(),
                definition.goal(),
                definition.triggers(),
                definition.skills());
    }
}
