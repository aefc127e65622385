package io.skein.e2e.locks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What all clients saw, in no particular order. */
final class History {

    /**
     * A client that waited its full time and was told that it cannot have what it wants.
     *
     * @param resources all of which it wanted at once
     * @param priority 0 critical .. 3 low
     */
    record Refusal(List<String> resources, int client, int priority, Grant.Span span) {}

    /** What a fault excuses. Two holders at once are never excused. */
    enum Excuse {
        /** Nobody who waits may notice it. */
        NOTHING,
        /** Callers may have to come back, and what they were granted meanwhile may have run out; but the order is the order. */
        SILENCE,
        /** The queue itself stood still, and who did not come back in time has lost the place. */
        ORDER
    }

    /** Something was done to the service, and it may have shown until the end of the span. */
    record Fault(String what, Excuse excuse, Grant.Span span) {}

    /** An attempt whose end nobody knows: it may have got a lock, whenever, and that lock then ran out. */
    record Unknown(String resource, Grant.Span span, long ttl) {}

    /**
     * Two requests seen waiting at once, in the order in which they must be served.
     *
     * @param first the client that stood ahead
     * @param second the client behind it
     * @param seen when the queue that showed both had been read
     */
    record Ahead(String resource, int first, int second, long seen) {}

    /** A write the locked thing took, in the order in which it took it. */
    record Write(String resource, int client, long token) {}

    /** Answers that are no answer of this API, whatever was done to it. */
    private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());

    private final List<Grant> grants = Collections.synchronizedList(new ArrayList<>());
    private final List<Refusal> refusals = Collections.synchronizedList(new ArrayList<>());
    private final List<Unknown> unknowns = Collections.synchronizedList(new ArrayList<>());
    private final List<Ahead> order = Collections.synchronizedList(new ArrayList<>());
    private final List<Fault> faults = Collections.synchronizedList(new ArrayList<>());
    private final List<Write> writes = Collections.synchronizedList(new ArrayList<>());

    void surprise(String answer) {
        surprises.add(answer);
    }

    List<String> surprises() {
        return copy(surprises);
    }

    void add(Grant grant) {
        grants.add(grant);
    }

    void add(Refusal refusal) {
        refusals.add(refusal);
    }

    void add(Unknown unknown) {
        unknowns.add(unknown);
    }

    void add(Ahead ahead) {
        order.add(ahead);
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    void add(Write write) {
        writes.add(write);
    }

    Map<String, List<Grant>> byResource() {
        return copy(grants).stream().collect(Collectors.groupingBy(Grant::resource, TreeMap::new, Collectors.toList()));
    }

    List<Grant> grants() {
        return copy(grants);
    }

    List<Refusal> refusals() {
        return copy(refusals);
    }

    List<Unknown> unknowns() {
        return copy(unknowns);
    }

    List<Ahead> order() {
        return copy(order);
    }

    List<Fault> faults() {
        return copy(faults);
    }

    List<Write> writes() {
        return copy(writes);
    }

    @Override
    public String toString() {
        return "%d grants, %d refused, %d of unknown end, %d pairs in line, %d writes, %d faults"
                .formatted(grants.size(), refusals.size(), unknowns.size(), order.size(), writes.size(), faults.size());
    }

    private static <T> List<T> copy(List<T> list) {
        synchronized (list) {
            return List.copyOf(list);
        }
    }
}
