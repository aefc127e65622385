package io.skein.orchestrator.language;

import java.util.Set;

/**
 * A name a person may use for where to act.
 *
 * @param name what is looked for in the text
 * @param inventory name of the inventory it belongs to
 * @param hosts the hosts it stands for
 * @param kind how specific it is
 */
public record Place(String name, String inventory, Set<String> hosts, Kind kind) {

    public enum Kind {
        INVENTORY,
        GROUP,
        HOST
    }

    public Place {
        hosts = Set.copyOf(hosts);
    }
}
