package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.language.Place;
import io.skein.orchestrator.language.Target;
import io.skein.orchestrator.language.TargetFinder;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides on which inventory and hosts a step runs, or what to ask. */
@ApplicationScoped
class Targeting {

    /** The step with its hosts, or a question about it. */
    record Placed(PlannedStep step, Question question) {}

    /** What the words name, when they name places of one inventory. */
    Optional<Where> named(Target target, Surroundings surroundings) {
        Map<String, Set<String>> hosts = new LinkedHashMap<>();
        Set<String> wholly = new LinkedHashSet<>();
        for (Place place : target.places()) {
            if (surroundings.fixed() != null && !surroundings.fixed().path().equals(place.inventory())) {
                continue;
            }
            Set<String> narrowed = hosts.computeIfAbsent(place.inventory(), key -> new LinkedHashSet<>());
            if (place.kind() == Place.Kind.INVENTORY) {
                wholly.add(place.inventory());
            } else {
                narrowed.addAll(place.hosts());
            }
        }
        // "on nas01 in the homelab": nas01 may exist elsewhere too, the homelab says which.
        if (hosts.size() > 1 && wholly.size() == 1) {
            hosts.keySet().retainAll(wholly);
        }
        if (hosts.size() != 1) {
            return Optional.empty();
        }
        Map.Entry<String, Set<String>> only = hosts.entrySet().iterator().next();
        return surroundings
                .byPath(only.getKey())
                .map(inventory -> new Where(
                        inventory,
                        only.getValue().isEmpty() ? null : only.getValue(),
                        "from \"" + target.quote() + "\""));
    }

    /** The first words that look like a place and are none. */
    static Optional<String> unknown(String action, Target target, Set<String> vocabulary) {
        return target.unknown().stream()
                .filter(unknown -> TargetFinder.looksLikePlace(action, unknown, vocabulary))
                .map(Target.Unknown::words)
                .findFirst();
    }

    Placed askForPlace(PlannedStep step, String words, Surroundings surroundings) {
        return asked(step, "I know no inventory, group or host called \"" + words + "\". " + surroundings.known());
    }

    /**
     * @param where what was named, or null when nothing was
     * @param ambiguous places of several inventories were named
     */
    Placed place(PlannedStep step, Where where, boolean ambiguous, Surroundings surroundings) {
        if (ambiguous) {
            return asked(
                    step, "The words name hosts of several inventories; say which one to use. " + surroundings.known());
        }
        return where != null ? on(step, where, surroundings) : byDefault(step, surroundings);
    }

    private Placed on(PlannedStep step, Where where, Surroundings surroundings) {
        Inventory inventory = where.inventory();
        if (inventory.broken() != null) {
            return asked(step, "Inventory " + inventory.name() + " cannot be read: " + inventory.broken());
        }
        Set<String> pattern = patternHosts(step, inventory, surroundings);
        Set<String> hosts = new LinkedHashSet<>(pattern);
        if (where.hosts() != null) {
            hosts.retainAll(where.hosts());
        }
        if (hosts.isEmpty()) {
            return asked(
                    step,
                    pattern.isEmpty()
                            ? step.playbook() + " runs on \"" + step.hostPattern() + "\", and inventory "
                                    + inventory.name() + " has no such host. " + surroundings.known()
                            : step.playbook() + " runs only on " + String.join(", ", pattern) + " of "
                                    + inventory.name() + ", which leaves out what was named.");
        }
        return new Placed(
                step.withInventory(
                        inventory.path(),
                        inventory.name(),
                        where.source(),
                        List.copyOf(hosts),
                        inventory.contentSha256()),
                null);
    }

    private Placed byDefault(PlannedStep step, Surroundings surroundings) {
        if (surroundings.fixed() != null) {
            return on(step, new Where(surroundings.fixed(), null, "named in the request"), surroundings);
        }
        List<Inventory> usable = surroundings.inventories().stream()
                .filter(inventory -> inventory.broken() == null)
                .toList();
        if (usable.size() == 1) {
            return on(step, new Where(usable.getFirst(), null, "the only inventory"), surroundings);
        }
        List<Inventory> fitting = usable.stream()
                .filter(inventory ->
                        !patternHosts(step, inventory, surroundings).isEmpty())
                .toList();
        if (fitting.size() == 1) {
            return on(step, new Where(fitting.getFirst(), null, "the only inventory with such hosts"), surroundings);
        }
        return asked(
                step,
                usable.isEmpty()
                        ? "There is no inventory to run it on. " + surroundings.known()
                        : "Several inventories are possible; say where to run it. " + surroundings.known());
    }

    private static Set<String> patternHosts(PlannedStep step, Inventory inventory, Surroundings surroundings) {
        String pattern = step.hostPattern();
        // A templated pattern is decided by a variable at run time; the run is limited to the hosts approved anyway.
        if (pattern == null || pattern.contains("{{")) {
            return inventory.hostNames();
        }
        Set<String> hosts = surroundings.catalogue().hosts(inventory, pattern);
        return hosts.isEmpty() && pattern.strip().equals("localhost") ? Set.of("localhost") : hosts;
    }

    private static Placed asked(PlannedStep step, String message) {
        PlannedStep nowhere = step.withInventory(null, null, null, List.of(), null);
        return new Placed(nowhere, Question.ofStep(Code.UNKNOWN_TARGET, nowhere, message, null));
    }
}
