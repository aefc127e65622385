package io.skein.orchestrator.language;

import java.util.List;

/**
 * What a clause says about where to act.
 *
 * @param places the known places named, in the order they were named
 * @param quote the words that name them, or null
 * @param unknown words that look like a place nobody knows
 * @param rest the clause without the words that name known places
 */
public record Target(List<Place> places, String quote, List<Unknown> unknown, String rest) {

    public Target {
        places = List.copyOf(places);
        unknown = List.copyOf(unknown);
    }

    /**
     * A possible place.
     *
     * @param preposition what stands before it: to, on, in, at
     * @param words the name itself
     */
    public record Unknown(String preposition, String words) {}
}
