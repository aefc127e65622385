package io.skein.e2e.locks;

import io.skein.e2e.locks.Grant.Span;
import io.skein.e2e.locks.History.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When somebody who waits for something could have had it: nobody has it, and nobody stands ahead who wants it together with another
 * thing and waits for that. The latter keeps its place, or whoever wants several things would never get them.
 */
final class FreeTime {

    /** Who stands ahead may itself wait for somebody who wants several things, and so on; so far is looked. */
    private static final int DEPTH = 3;

    private final Map<String, List<Span>> held = new HashMap<>();
    private final List<Refusal> several;

    FreeTime(History history) {
        for (Grant grant : history.grants()) {
            hold(grant.resource(), new Span(grant.acquire().from(), grant.overAtLatest()));
        }
        for (History.Unknown unknown : history.unknowns()) {
            hold(
                    unknown.resource(),
                    new Span(unknown.span().from(), unknown.span().to() + unknown.ttl()));
        }
        several = history.refusals().stream()
                .filter(refusal -> refusal.resources().size() > 1)
                .toList();
    }

    private void hold(String resource, Span span) {
        held.computeIfAbsent(resource, r -> new ArrayList<>()).add(span);
    }

    /**
     * The longest time, in nanoseconds, for which what one waited for, a single thing, was free for it.
     *
     * @param enough who stood ahead is looked at only when nobody had it for longer than this
     */
    long longest(Refusal waiting, long enough) {
        String resource = waiting.resources().getFirst();
        long longest = gap(waiting.span(), held.getOrDefault(resource, List.of()));
        return longest > enough ? gap(waiting.span(), taken(resource, waiting, Set.of())) : longest;
    }

    private static long gap(Span whole, List<Span> taken) {
        List<Span> inOrder = new ArrayList<>(taken);
        inOrder.sort(Comparator.comparingLong(Span::from));
        long until = whole.from();
        long longest = 0;
        for (Span span : inOrder) {
            longest = Math.max(longest, Math.min(span.from(), whole.to()) - until);
            until = Math.max(until, span.to());
        }
        return Math.max(longest, whole.to() - until);
    }

    /** When it was not to be had by who waits. */
    private List<Span> taken(String resource, Refusal waiting, Set<Refusal> between) {
        List<Span> taken = new ArrayList<>(held.getOrDefault(resource, List.of()));
        if (between.size() == DEPTH) {
            return taken;
        }
        for (Refusal other : several) {
            if (other.resources().contains(resource) && !between.contains(other) && mayStandAhead(other, waiting)) {
                Set<Refusal> further = new HashSet<>(between);
                further.add(other);
                for (String thing : other.resources()) {
                    if (!thing.equals(resource)) {
                        taken(thing, other, further).stream()
                                .filter(span -> overlap(span, other.span()))
                                .map(span -> new Span(
                                        Math.max(span.from(), other.span().from()),
                                        Math.min(span.to(), other.span().to())))
                                .forEach(taken::add);
                    }
                }
            }
        }
        return taken;
    }

    private static boolean mayStandAhead(Refusal other, Refusal waiting) {
        return other != waiting && other.priority() <= waiting.priority() && overlap(other.span(), waiting.span());
    }

    private static boolean overlap(Span one, Span other) {
        return one.from() < other.to() && other.from() < one.to();
    }
}
