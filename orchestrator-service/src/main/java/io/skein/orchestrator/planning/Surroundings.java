package io.skein.orchestrator.planning;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.infra.TeamCatalogue;
import io.skein.orchestrator.language.Place;
import io.skein.orchestrator.language.TargetFinder;
import io.skein.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a proposal can use.
 *
 * @param catalogue the playbooks of the team that asks
 * @param fixed the one the request insists on, or null
 */
record Surroundings(TeamCatalogue catalogue, List<Inventory> inventories, Inventory fixed) {

    private static final Set<String> BUILT_IN = Set.of("all", "ungrouped");
    private static final int SHOWN = 8;

    /**
     * @throws ProblemException inventory_not_found when the request insists on one that is not there
     */
    static Surroundings of(TeamCatalogue catalogue, String wanted) {
        List<Inventory> inventories = catalogue.inventories();
        if (wanted == null || wanted.isBlank()) {
            return new Surroundings(catalogue, inventories, null);
        }
        String key = wanted.strip().toLowerCase(Locale.ROOT);
        Inventory fixed = inventories.stream()
                .filter(inventory -> names(inventory).contains(key))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                                ErrorCode.INVENTORY_NOT_FOUND,
                                "There is no inventory \"" + wanted + "\" in the playbook repository. There is: "
                                        + inventories.stream()
                                                .map(Inventory::name)
                                                .collect(Collectors.joining(", "))
                                        + ".")
                        .with(
                                "inventories",
                                inventories.stream().map(Inventory::name).toList()));
        return new Surroundings(catalogue, inventories, fixed);
    }

    private static Set<String> names(Inventory inventory) {
        Set<String> names = new LinkedHashSet<>();
        names.add(inventory.name().toLowerCase(Locale.ROOT));
        names.add(inventory.path().toLowerCase(Locale.ROOT));
        inventory.aliases().forEach(alias -> names.add(alias.toLowerCase(Locale.ROOT)));
        return names;
    }

    TargetFinder finder() {
        List<Place> places = new ArrayList<>();
        for (Inventory inventory : inventories) {
            Set<String> all = inventory.hostNames();
            places.add(new Place(inventory.name(), inventory.path(), all, Place.Kind.INVENTORY));
            inventory.aliases().stream()
                    .map(alias -> alias.replaceFirst("(?i)^(?:the|our|my)\\s+", ""))
                    .filter(alias -> !alias.isBlank())
                    .distinct()
                    .filter(alias -> !alias.equalsIgnoreCase(inventory.name()))
                    .forEach(alias -> places.add(new Place(alias, inventory.path(), all, Place.Kind.INVENTORY)));
            inventory.groups().stream()
                    .filter(group -> !BUILT_IN.contains(group.name()))
                    .filter(group -> !group.name().equalsIgnoreCase(inventory.name()))
                    .forEach(group -> places.add(
                            new Place(group.name(), inventory.path(), Set.copyOf(group.hosts()), Place.Kind.GROUP)));
            all.forEach(host -> places.add(new Place(host, inventory.path(), Set.of(host), Place.Kind.HOST)));
        }
        return new TargetFinder(places);
    }

    Optional<Inventory> byPath(String path) {
        return inventories.stream()
                .filter(inventory -> inventory.path().equals(path))
                .findFirst();
    }

    /** What can be named as a target, for a question. */
    String known() {
        if (inventories.isEmpty()) {
            return "The repository has no inventory.";
        }
        return inventories.stream()
                .map(inventory -> {
                    List<String> inside = new ArrayList<>();
                    inventory.groups().stream()
                            .map(Inventory.Group::name)
                            .filter(group -> !BUILT_IN.contains(group) && !group.equals(inventory.name()))
                            .forEach(inside::add);
                    inside.addAll(inventory.hostNames());
                    String more = inside.size() > SHOWN ? ", …" : "";
                    return inventory.name()
                            + (inside.isEmpty()
                                    ? ""
                                    : " (" + inside.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more
                                            + ")");
                })
                .collect(Collectors.joining("; ", "Known: ", "."));
    }
}
