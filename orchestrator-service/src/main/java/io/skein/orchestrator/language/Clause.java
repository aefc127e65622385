package io.skein.orchestrator.language;

import java.util.List;

/**
 * One thing to do, cut out of a request.
 *
 * @param index position in the request, 0 first
 * @param text the words, without politeness and ordering words ("please", "then")
 * @param action base form of the verb it begins with ("set up"), or null when it begins with none
 * @param stage clauses of a later stage start after all of the earlier ones; "then" and numbered items open a stage
 * @param refersBack true when it speaks of the result of an earlier clause ("add them to the config")
 * @param modifiers sentences that only say how ("use port 3002")
 */
public record Clause(int index, String text, String action, int stage, boolean refersBack, List<String> modifiers) {

    public Clause {
        modifiers = List.copyOf(modifiers);
    }

    /** The clause with everything that was said about how to do it. */
    public String withModifiers() {
        return modifiers.isEmpty() ? text : text + ", " + String.join(", ", modifiers);
    }
}
