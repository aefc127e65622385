package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What happens to a team's definitions; see {@link Definition} for the states. Each change is a fact that is told. Of two who
 * change the same version at once the row's lock lets one go first, and the other finds it changed.
 */
@ApplicationScoped
class LifecycleService {

    private static final Logger LOG = Logger.getLogger(LifecycleService.class);

    /** Who does it, for events. */
    record Author(String team, String actor, String traceId) {}

    /** What became of a document of an import. */
    record Imported(int document, String id, String version, String status, String outcome, String etag) {}

    private final DefinitionRepository definitions;
    private final DefinitionCheck check;
    private final Outbox outbox;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    LifecycleService(DefinitionRepository definitions, DefinitionCheck check, Outbox outbox, Jdbi jdbi, Clock clock) {
        this.definitions = definitions;
        this.check = check;
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    Definition create(Author author, JsonNode document) {
        check.require(document);
        Definition draft = draft(author, document);
        jdbi.useTransaction(tx -> {
            if (!definitions.insert(tx, draft)) {
                throw conflict(draft.id() + " " + draft.version()
                        + " is there already. Change it with PUT while it is a draft, or choose a higher version.");
            }
            tell(tx, author, EventTypes.AGENT_DEFINITION_CREATED, draft);
        });
        return draft;
    }

    /** All of them or none. What is there already and says the same is left alone; a draft that says something else is not overwritten. */
    List<Imported> importAll(Author author, List<JsonNode> documents) {
        check.require(documents);
        return jdbi.inTransaction(tx -> {
            Map<Integer, Imported> outcomes = new LinkedHashMap<>();
            List<Map<String, Object>> conflicts = new ArrayList<>();
            // In one order, so that two imports at once do not wait for each other in a circle.
            List<Integer> order = new ArrayList<>();
            for (int index = 0; index < documents.size(); index++) {
                order.add(index);
            }
            order.sort(Comparator.comparing((Integer index) -> text(documents.get(index), "id"))
                    .thenComparing(index -> text(documents.get(index), "version")));
            for (int index : order) {
                Definition draft = draft(author, documents.get(index));
                Definition kept = draft;
                boolean created = definitions.insert(tx, draft);
                if (created) {
                    tell(tx, author, EventTypes.AGENT_DEFINITION_CREATED, draft);
                } else {
                    kept = find(tx, author.team(), draft.id(), draft.version());
                    if (!Documents.same(kept.document(), draft.document())) {
                        conflicts.add(Violation.at(
                                        draft.id() + " " + draft.version() + " is there already, as "
                                                + kept.status().wire() + ", and says something else",
                                        "metadata",
                                        "version")
                                .toMember(index + 1));
                    }
                }
                outcomes.put(
                        index,
                        new Imported(
                                index + 1,
                                kept.id(),
                                kept.version(),
                                kept.status().wire(),
                                created ? "created" : "unchanged",
                                DefinitionView.tag(kept)));
            }
            if (!conflicts.isEmpty()) {
                throw conflict("Nothing was imported: " + conflicts.size() + " of " + documents.size()
                                + " documents are other versions of what is there.")
                        .with("violations", conflicts);
            }
            return outcomes.values().stream()
                    .sorted(Comparator.comparing(Imported::document))
                    .toList();
        });
    }

    /** Changes the draft of the version the document names. */
    Definition change(Author author, String id, JsonNode document, IfMatch ifMatch) {
        if (!document.at("/metadata/id").asText().equals(id)) {
            throw invalid("metadata", "id", "must be " + id + ", as in the address");
        }
        check.require(document);
        Definition wanted = draft(author, document);
        return jdbi.inTransaction(tx -> {
            Definition stored = find(tx, author.team(), id, wanted.version());
            if (stored.status() != Definition.Status.DRAFT) {
                throw conflict(
                        id + " " + stored.version() + " was published and does not change. Make a new version of it.");
            }
            ifMatch.require(stored);
            definitions.replaceDraft(tx, wanted);
            Definition changed = find(tx, author.team(), id, wanted.version());
            tell(tx, author, EventTypes.AGENT_DEFINITION_UPDATED, changed);
            return changed;
        });
    }

    Definition publish(Author author, String id, String version, IfMatch ifMatch) {
        Definition published = jdbi.inTransaction(tx -> {
            definitions.lock(tx, author.team(), id);
            Definition draft = named(tx, author, id, version, Definition.Status.DRAFT);
            if (draft.status() != Definition.Status.DRAFT) {
                throw conflict(
                        id + " " + draft.version() + " is " + draft.status().wire() + " already.");
            }
            ifMatch.allow(draft);
            // It may have been written before a rule that is checked today.
            check.require(draft.document());
            definitions.published(tx, draft, clock.instant());
            definitions.chooseNewest(tx, author.team(), id);
            Definition now = find(tx, author.team(), id, draft.version());
            tell(tx, author, EventTypes.AGENT_DEFINITION_PUBLISHED, now);
            return now;
        });
        LOG.infof(
                "agent definition %s %s of team %s published by %s",
                id, published.version(), author.team(), author.actor());
        return published;
    }

    Definition deprecate(Author author, String id, String version, IfMatch ifMatch) {
        Definition deprecated = jdbi.inTransaction(tx -> {
            definitions.lock(tx, author.team(), id);
            Definition stored = named(tx, author, id, version, Definition.Status.PUBLISHED);
            if (stored.status() != Definition.Status.PUBLISHED) {
                throw conflict(id + " " + stored.version() + " is "
                        + stored.status().wire() + "; only what is published is deprecated.");
            }
            ifMatch.allow(stored);
            definitions.deprecated(tx, stored, clock.instant());
            definitions.chooseNewest(tx, author.team(), id);
            Definition now = find(tx, author.team(), id, stored.version());
            tell(tx, author, EventTypes.AGENT_DEFINITION_DEPRECATED, now);
            return now;
        });
        LOG.infof(
                "agent definition %s %s of team %s deprecated by %s",
                id, deprecated.version(), author.team(), author.actor());
        return deprecated;
    }

    void delete(Author author, String id, String version, IfMatch ifMatch) {
        jdbi.useTransaction(tx -> {
            Definition stored = find(tx, author.team(), id, version);
            if (stored.status() != Definition.Status.DRAFT) {
                throw conflict(id + " " + version + " was published and stays. Deprecate it instead.");
            }
            ifMatch.allow(stored);
            definitions.delete(tx, stored);
            tell(tx, author, EventTypes.AGENT_DEFINITION_DELETED, stored);
        });
    }

    /** The named version, or without a name the only one in this state. */
    private Definition named(Handle tx, Author author, String id, String version, Definition.Status status) {
        if (version != null) {
            return find(tx, author.team(), id, version);
        }
        List<Definition> candidates = definitions.versions(tx, author.team(), id);
        if (candidates.isEmpty()) {
            throw ProblemException.notFound("agent " + id);
        }
        List<String> fitting = candidates.stream()
                .filter(candidate -> candidate.status() == status)
                .map(Definition::version)
                .toList();
        if (fitting.size() != 1) {
            throw ProblemException.invalid(
                    "version", "is needed: " + fitting.size() + " versions of " + id + " are " + status.wire());
        }
        return find(tx, author.team(), id, fitting.getFirst());
    }

    private Definition find(Handle tx, String team, String id, String version) {
        return definitions
                .findForUpdate(tx, team, id, version)
                .orElseThrow(() -> ProblemException.notFound("version " + version + " of agent " + id));
    }

    private Definition draft(Author author, JsonNode document) {
        Instant now = clock.instant();
        return new Definition(
                author.team(),
                text(document, "id"),
                text(document, "version"),
                Definition.Status.DRAFT,
                Ids.next(),
                false,
                now,
                author.actor(),
                now,
                null,
                null,
                document);
    }

    private void tell(Handle tx, Author author, String type, Definition definition) {
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/registry-service")
                        .subject(definition.id())
                        .team(author.team())
                        .actor(author.actor())
                        .traceId(author.traceId())
                        .time(clock.instant())
                        .data(Map.of(
                                "id", definition.id(),
                                "version", definition.version(),
                                "status", definition.status().wire(),
                                "name", definition.name()))
                        .build());
    }

    private static String text(JsonNode document, String member) {
        return document.path("metadata").path(member).asText();
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(ErrorCode.ILLEGAL_TRANSITION, detail);
    }

    private static ProblemException invalid(String parent, String member, String message) {
        Map<String, Object> violation = Violation.at(message, parent, member).toMember(null);
        return new ProblemException(ErrorCode.VALIDATION_FAILED, violation.get("field") + ": " + message)
                .with("violations", List.of(violation));
    }
}
