package io.skein.e2e.locks;

import io.skein.e2e.locks.Grant.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Says what is wrong with a history of locks.
 *
 * <p>Linearizability (Herlihy and Wing 1990) per resource: is there one moment for each call, between its sending and its answer,
 * so that the calls in the order of their moments are a history of <em>one</em> lock? In general that is a search (Wing and Gong
 * 1993). Here the fencing tokens name the order of the grants, so only the moments are left. What is demanded of them are
 * differences ("a renewal at most a time to live after the one before it", "a grant not before the end of the last"), and such a
 * system has a least solution: taking the earliest moments that satisfy it is exact. {@code LockCheckerTest} compares the result
 * with the search's on thousands of small histories.
 */
final class LockChecker {

    /** How long something may stay free although somebody waits for it, in nanoseconds. Machines here are slow and shared. */
    private static final long FORGOTTEN = TimeUnit.SECONDS.toNanos(4);

    private final History history;
    private final List<String> violations = new ArrayList<>();
    private int pairs;
    private int refusals;

    /**
     * What was found, and on how much.
     *
     * @param violations one line each
     * @param pairs how many pairs in line were both served, so that their order was judged
     * @param refusals how many of those told "no" after waiting were not excused by a fault
     */
    record Verdict(List<String> violations, int pairs, int refusals) {}

    private LockChecker(History history) {
        this.history = history;
    }

    /** One line for each violation; none when the history is one of locks. */
    static List<String> violations(History history) {
        return verdict(history).violations();
    }

    static Verdict verdict(History history) {
        LockChecker checker = new LockChecker(history);
        history.byResource().forEach(checker::oneHolderAtATime);
        checker.fencing();
        checker.order();
        checker.nobodyForgotten();
        return new Verdict(checker.violations, checker.pairs, checker.refusals);
    }

    private void oneHolderAtATime(String resource, List<Grant> unordered) {
        List<Grant> grants = new ArrayList<>(unordered);
        grants.sort(Comparator.comparingLong(Grant::token));
        // The earliest moment at which the resource can be free again.
        long free = Long.MIN_VALUE;
        Grant before = null;
        for (Grant grant : grants) {
            if (before != null && before.token() == grant.token()) {
                violations.add("%s: token %d was given to client %s and to client %s"
                        .formatted(resource, grant.token(), before.client(), grant.client()));
            }
            long[] moments = earliest(grant, free);
            if (earliest(grant, Long.MIN_VALUE)[0] > grant.acquire().to()) {
                violations.add("%s: client %s renewed token %d although it had run out"
                        .formatted(resource, grant.client(), grant.token()));
            } else if (moments[0] > grant.acquire().to()) {
                violations.add("%s: client %s had token %d while client %s still held token %d"
                        .formatted(
                                resource,
                                grant.client(),
                                grant.token(),
                                before == null ? "?" : before.client(),
                                before == null ? -1 : before.token()));
                // Go on with what was answered, or one fault would be reported for all that follow.
                moments = earliest(grant, Long.MIN_VALUE);
            }
            for (int i = 1; i < moments.length; i++) {
                if (moments[i] > grant.renewals().get(i - 1).to()) {
                    violations.add("%s: client %s renewed token %d although it had run out"
                            .formatted(resource, grant.client(), grant.token()));
                    break;
                }
            }
            long last = moments[moments.length - 1];
            long runsOut = last + grant.ttl();
            free = grant.release() == null
                    ? runsOut
                    : Math.min(runsOut, Math.max(grant.release().from(), last));
            before = grant;
        }
    }

    /** The earliest moments of the grant and its renewals: the least solution of what is demanded of them. */
    private static long[] earliest(Grant grant, long free) {
        int renewals = grant.renewals().size();
        long[] moments = new long[renewals + 1];
        moments[0] = Math.max(grant.acquire().from(), free);
        for (int i = 1; i <= renewals; i++) {
            moments[i] = Math.max(grant.renewals().get(i - 1).from(), moments[i - 1]);
        }
        // A renewal found the lease in force, so what came before it was at most a time to live earlier.
        for (int i = renewals; i > 0; i--) {
            moments[i - 1] = Math.max(moments[i - 1], moments[i] - grant.ttl());
        }
        return moments;
    }

    /** What is locked takes writes only from the newest holder it has seen. */
    private void fencing() {
        Map<String, History.Write> newest = new HashMap<>();
        for (History.Write write : history.writes()) {
            History.Write seen = newest.get(write.resource());
            if (seen != null && write.token() < seen.token()) {
                violations.add("%s: took a write of client %s with token %d after one with token %d"
                        .formatted(write.resource(), write.client(), write.token(), seen.token()));
            } else {
                newest.put(write.resource(), write);
            }
        }
    }

    private void order() {
        Map<String, Map<Integer, List<Grant>>> grants = new HashMap<>();
        for (Grant grant : history.grants()) {
            grants.computeIfAbsent(grant.resource(), r -> new HashMap<>())
                    .computeIfAbsent(grant.client(), c -> new ArrayList<>())
                    .add(grant);
        }
        for (History.Ahead ahead : history.order()) {
            Map<Integer, List<Grant>> clients = grants.getOrDefault(ahead.resource(), Map.of());
            // Whoever had to ask again may have come too late to keep the place.
            Optional<Grant> first =
                    waiting(clients.get(ahead.first()), ahead.seen()).filter(g -> g.asked() < ahead.seen());
            Optional<Grant> second = waiting(clients.get(ahead.second()), ahead.seen());
            if (first.isEmpty()
                    || second.isEmpty()
                    || excused(new Span(ahead.seen(), first.get().acquire().to()), History.Excuse.ORDER)) {
                continue;
            }
            pairs++;
            if (first.get().token() > second.get().token()) {
                violations.add("%s: client %s (token %d) was served before client %s (token %d), which stood ahead"
                        .formatted(
                                ahead.resource(),
                                ahead.second(),
                                second.get().token(),
                                ahead.first(),
                                first.get().token()));
            }
        }
    }

    /** Whether something was done in that time which excuses as much, or more. */
    private boolean excused(Span span, History.Excuse what) {
        return history.faults().stream()
                .filter(f -> f.excuse().compareTo(what) >= 0)
                .anyMatch(f ->
                        f.span().from() < span.to() && span.from() < f.span().to());
    }

    /** The grant of the call that was under way at that moment. */
    private static Optional<Grant> waiting(List<Grant> grants, long at) {
        return grants == null
                ? Optional.empty()
                : grants.stream()
                        .filter(g -> g.acquire().from() < at && at < g.acquire().to())
                        .findFirst();
    }

    /** Whoever is told "no" after waiting must not have watched a free lock. */
    private void nobodyForgotten() {
        FreeTime free = new FreeTime(history);
        for (History.Refusal refusal : history.refusals()) {
            if (refusal.resources().size() > 1 || excused(refusal.span(), History.Excuse.SILENCE)) {
                continue;
            }
            refusals++;
            long longest = free.longest(refusal, FORGOTTEN);
            if (longest > FORGOTTEN) {
                violations.add("%s: client %s waited in vain while it was free for %d ms"
                        .formatted(
                                refusal.resources().getFirst(),
                                refusal.client(),
                                TimeUnit.NANOSECONDS.toMillis(longest)));
            }
        }
    }
}
