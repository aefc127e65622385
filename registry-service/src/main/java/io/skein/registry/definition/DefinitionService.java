package io.skein.registry.definition;

import io.skein.contracts.event.Priority;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.registry.activity.Activity;
import io.skein.registry.activity.ActivityService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** Reading definitions: a team's own, and the shipped ones. */
@ApplicationScoped
class DefinitionService {

    private static final int MAX_DEFINITIONS = 10_000;
    private static final Pattern RANK = Pattern.compile("\\d{1,6}\\.\\d{1,6}");

    /** A definition that an event may wake, with the triggers whose pattern fits; their filters are for the asker to hold against the event. */
    record Match(String id, String version, String team, Priority priority, List<Definition.Trigger> triggers) {}

    /** @param status draft, published or deprecated */
    record VersionView(
            String id,
            String version,
            String team,
            String status,
            boolean newest,
            String etag,
            Instant createdAt,
            String createdBy,
            Instant updatedAt,
            Instant publishedAt,
            Instant deprecatedAt) {}

    private final DefinitionRepository definitions;
    private final ActivityService activities;
    private final Jdbi jdbi;

    @Inject
    DefinitionService(DefinitionRepository definitions, ActivityService activities, Jdbi jdbi) {
        this.definitions = definitions;
        this.activities = activities;
        this.jdbi = jdbi;
    }

    /** Each definition once; of published ones the newest version, of others the one touched last. Best fit first. */
    Page<DefinitionView> find(String team, DefinitionRepository.Filter filter, String after, int size) {
        DefinitionRepository.After cursor = cursor(after);
        List<DefinitionRepository.Found> found =
                jdbi.withHandle(handle -> definitions.find(handle, team, filter, cursor, size + 1));
        Map<String, Activity> activity = activity(
                team, found.stream().map(DefinitionRepository.Found::definition).toList());
        Page<DefinitionRepository.Found> page = Page.of(
                found,
                size,
                last -> last.rank().signum() == 0
                        ? last.definition().id()
                        : last.rank().toPlainString() + "/" + last.definition().id());
        return new Page<>(
                page.items().stream()
                        .map(each -> DefinitionView.of(
                                each.definition(),
                                activity.get(each.definition().id()),
                                false))
                        .toList(),
                page.next());
    }

    DefinitionView view(String team, Definition definition) {
        return DefinitionView.of(definition, activity(team, List.of(definition)).get(definition.id()), true);
    }

    /**
     * @param wanted a version, a range or {@code latest}; null: the newest published version, or of what was never published the
     *     newest there is
     */
    Definition get(String team, String id, String wanted) {
        Optional<VersionRange> range = Optional.empty();
        if (wanted != null) {
            range = VersionRange.parse(wanted);
            if (range.isEmpty()) {
                throw ProblemException.invalid("version", "must be a version or a range like >=1.0.0, 1.x or latest");
            }
        }
        for (String owner : List.of(team, Definition.EVERYBODY)) {
            List<Definition> versions = jdbi.withHandle(handle -> definitions.versions(handle, owner, id));
            Optional<Definition> chosen =
                    range.isPresent() ? choose(versions, range.get()) : choose(versions, new VersionRange.Latest());
            if (chosen.isPresent()) {
                return chosen.get();
            }
            if (range.isEmpty() && !versions.isEmpty() && (owner.equals(Definition.EVERYBODY) || !isShipped(id))) {
                return versions.getFirst();
            }
        }
        throw ProblemException.notFound("agent " + id + (wanted == null ? "" : " in version " + wanted));
    }

    private boolean isShipped(String id) {
        return jdbi.withHandle(handle ->
                !definitions.versions(handle, Definition.EVERYBODY, id).isEmpty());
    }

    private static Optional<Definition> choose(List<Definition> versions, VersionRange wanted) {
        return switch (wanted) {
            case VersionRange.Latest latest ->
                versions.stream().filter(Definition::newest).findFirst();
            case VersionRange.Exactly exactly ->
                versions.stream()
                        .filter(version -> version.version().equals(exactly.version()))
                        .findFirst();
            case VersionRange.Within within ->
                versions.stream()
                        .filter(version -> version.status() == Definition.Status.PUBLISHED)
                        .filter(version -> within.has(version.version()))
                        .findFirst();
        };
    }

    /** Of the team's own definition, or of the shipped one when it has none; newest first. */
    Page<VersionView> versions(String team, String id, String after, int size) {
        for (String owner : List.of(team, Definition.EVERYBODY)) {
            List<Definition> versions = jdbi.withHandle(handle -> definitions.versions(handle, owner, id));
            if (!versions.isEmpty()) {
                List<VersionView> views = versions.stream()
                        .map(DefinitionService::version)
                        .dropWhile(view -> after != null && !view.version().equals(after))
                        .skip(after == null ? 0 : 1)
                        .limit(size + 1L)
                        .toList();
                return Page.of(views, size, VersionView::version);
            }
        }
        throw ProblemException.notFound("agent " + id);
    }

    /**
     * Published definitions a trigger of which fits the type, most urgent first.
     *
     * @param all every published version; false: of each definition the newest
     */
    List<Match> wokenBy(String team, String type, boolean all) {
        List<Match> matches = new ArrayList<>();
        for (Definition definition : all ? published(team) : newest(team)) {
            List<Definition.Trigger> fitting = definition.triggers().stream()
                    .filter(trigger -> EventPattern.matches(trigger.event(), type))
                    .sorted(Comparator.comparing(Definition.Trigger::priority))
                    .toList();
            if (!fitting.isEmpty() && definition.isEnabled()) {
                matches.add(new Match(
                        definition.id(),
                        definition.version(),
                        definition.team(),
                        fitting.getFirst().priority(),
                        fitting));
            }
        }
        matches.sort(Comparator.comparing(Match::priority).thenComparing(Match::id));
        return matches;
    }

    private List<Definition> published(String team) {
        return jdbi.withHandle(handle -> definitions.published(handle, team, MAX_DEFINITIONS));
    }

    private List<Definition> newest(String team) {
        DefinitionRepository.Filter published =
                new DefinitionRepository.Filter(Definition.Status.PUBLISHED, null, null, null);
        return jdbi.withHandle(handle -> definitions.find(handle, team, published, null, MAX_DEFINITIONS)).stream()
                .map(DefinitionRepository.Found::definition)
                .toList();
    }

    private Map<String, Activity> activity(String team, List<Definition> of) {
        Map<String, Integer> slots = new HashMap<>();
        of.forEach(definition -> slots.put(definition.id(), definition.maxParallelTasks()));
        return activities.of(team, slots);
    }

    private static DefinitionRepository.After cursor(String after) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        int slash = after.indexOf('/');
        if (slash < 0) {
            return new DefinitionRepository.After(BigDecimal.ZERO, after);
        }
        String rank = after.substring(0, slash);
        if (!RANK.matcher(rank).matches()) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
        return new DefinitionRepository.After(new BigDecimal(rank), after.substring(slash + 1));
    }

    private static VersionView version(Definition definition) {
        return new VersionView(
                definition.id(),
                definition.version(),
                definition.team(),
                definition.status().wire(),
                definition.newest(),
                DefinitionView.tag(definition),
                definition.createdAt(),
                definition.createdBy(),
                definition.updatedAt(),
                definition.publishedAt(),
                definition.deprecatedAt());
    }
}
