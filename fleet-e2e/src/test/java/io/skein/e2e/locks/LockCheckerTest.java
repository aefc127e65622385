package io.skein.e2e.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.e2e.locks.Grant.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: here it meets histories of which is known what is wrong with them. */
class LockCheckerTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void oneAfterTheOtherIsFine() {
        assertEquals(List.of(), violations(grant(1, 1, 0, 2, 10, 11), grant(2, 2, 3, 12, 20, 21)));
    }

    @Test
    void twoHoldersAtOnceAreSeen() {
        assertViolation("still held token 1", grant(1, 1, 0, 2, 10, 11), grant(2, 2, 3, 5, 20, 21));
    }

    @Test
    void aLeaseThatRanOutIsNoHolder() {
        assertEquals(List.of(), violations(grant(1, 1, 0, 2, -1, -1), grant(2, 2, 3, 2 + 100, 200, 201)));
        assertViolation("still held token 1", grant(1, 1, 0, 2, -1, -1), grant(2, 2, 3, 99, 200, 201));
    }

    @Test
    void aRenewedLeaseGoesOn() {
        Grant renewed = new Grant("r", 1, 1, 2, new Span(0, 2), 0, 100, List.of(new Span(90, 95)), null);
        assertViolation("still held token 1", renewed, grant(2, 2, 100, 150, 300, 301));
        assertEquals(List.of(), violations(renewed, grant(2, 2, 100, 196, 300, 301)));
    }

    @Test
    void renewingWhatRanOutIsSeen() {
        Grant late = new Grant("r", 1, 1, 2, new Span(0, 2), 0, 100, List.of(new Span(103, 110)), null);
        assertViolation("although it had run out", late);
    }

    @Test
    void theSameTokenTwiceIsSeen() {
        assertViolation("token 1 was given", grant(1, 1, 0, 2, 10, 11), grant(2, 1, 12, 13, 20, 21));
    }

    @Test
    void tokensThatFallAreSeen() {
        assertViolation("still held", grant(1, 2, 0, 2, 10, 11), grant(2, 1, 12, 13, 20, 21));
    }

    @Test
    void anOldTokenAcceptedIsSeen() {
        History history = new History();
        history.add(new History.Write("r", 2, 2));
        history.add(new History.Write("r", 1, 1));
        assertTrue(LockChecker.violations(history).getFirst().contains("after one with token 2"));
    }

    @Test
    void whoStandsBehindIsNotServedFirst() {
        History history = history(grant(1, 2, 0, 50, 60, 61), grant(2, 1, 5, 30, 40, 41));
        history.add(new History.Ahead("r", 1, 2, 20));
        assertTrue(LockChecker.violations(history).getFirst().contains("which stood ahead"));
        History served = history(grant(1, 1, 0, 30, 40, 41), grant(2, 2, 5, 50, 60, 61));
        served.add(new History.Ahead("r", 1, 2, 20));
        assertEquals(List.of(), LockChecker.violations(served));
        assertEquals(1, LockChecker.verdict(served).pairs());
    }

    @Test
    void onlyAQueueThatStoodStillExcusesTheOrder() {
        History history = history(grant(1, 2, 0, 50, 60, 61), grant(2, 1, 5, 30, 40, 41));
        history.add(new History.Ahead("r", 1, 2, 20));
        history.add(new History.Fault("killed", History.Excuse.SILENCE, new Span(10, 45)));
        assertTrue(LockChecker.violations(history).getFirst().contains("which stood ahead"));
        history.add(new History.Fault("database", History.Excuse.ORDER, new Span(10, 45)));
        assertEquals(new LockChecker.Verdict(List.of(), 0, 0), LockChecker.verdict(history));
        // Who had to ask again meanwhile may have come too late.
        Grant again = new Grant("r", 1, 2, 2, new Span(0, 50), 25, 100, List.of(), new Span(60, 61));
        History late = history(again, grant(2, 1, 5, 30, 40, 41));
        late.add(new History.Ahead("r", 1, 2, 20));
        assertEquals(new LockChecker.Verdict(List.of(), 0, 0), LockChecker.verdict(late));
    }

    @Test
    void whoWaitsForAFreeLockWasForgotten() {
        History history = history(grant(1, 1, 0, SECOND, 2 * SECOND, 2 * SECOND + 1));
        history.add(refusal(2, 2, "r"));
        assertTrue(LockChecker.violations(history).getFirst().contains("waited in vain"));
        History busy = history(grant(1, 1, 0, SECOND, 7 * SECOND, 7 * SECOND + 1));
        busy.add(refusal(2, 2, "r"));
        assertEquals(List.of(), LockChecker.violations(busy));
        history.add(new History.Fault("flushed", History.Excuse.NOTHING, new Span(3 * SECOND, 4 * SECOND)));
        assertEquals(1, LockChecker.violations(history).size(), "it does not concern the service");
        history.add(new History.Fault("frozen", History.Excuse.SILENCE, new Span(3 * SECOND, 4 * SECOND)));
        assertEquals(List.of(), LockChecker.violations(history), "nothing is demanded of a service that stands still");
    }

    private static History.Refusal refusal(int client, int priority, String... resources) {
        return new History.Refusal(List.of(resources), client, priority, new Span(SECOND, 8 * SECOND));
    }

    /** Found by a run in which somebody waited with high priority for this and for something that two others had, one after the other. */
    @Test
    void whoStandsAheadMayWaitForAnotherThing() {
        History history = new History();
        history.add(refusal(2, 2, "r"));
        history.add(refusal(3, 1, "q", "r"));
        assertTrue(LockChecker.violations(history).getFirst().contains("client 2 waited in vain"), "both were free");
        history.add(new Grant("q", 4, 1, 0, new Span(0, 1), 0, 7 * SECOND, List.of(), null));
        assertEquals(List.of(), LockChecker.violations(history));

        History behind = new History();
        behind.add(refusal(2, 2, "r"));
        behind.add(refusal(3, 3, "q", "r"));
        behind.add(new Grant("q", 4, 1, 0, new Span(0, 1), 0, 7 * SECOND, List.of(), null));
        assertTrue(LockChecker.violations(behind).getFirst().contains("waited in vain"), "it stood behind");

        History further = new History();
        further.add(refusal(2, 2, "r"));
        further.add(refusal(3, 1, "q", "r"));
        further.add(refusal(5, 0, "p", "q"));
        further.add(new Grant("p", 4, 1, 0, new Span(0, 1), 0, 7 * SECOND, List.of(), null));
        assertEquals(List.of(), LockChecker.violations(further));
    }

    /** Thousands of small histories, most of them slightly wrong, against a search that tries every order and every moment. */
    @Test
    void agreesWithTheSearch() {
        Random random = new Random(20261121);
        int fine = 0;
        int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            Grant[] grants = new Grant[2 + random.nextInt(2)];
            for (int g = 0; g < grants.length; g++) {
                grants[g] = random(random, g);
            }
            boolean found = new Search(grants).finds();
            boolean accepted = violations(grants).isEmpty();
            assertEquals(found, accepted, () -> Arrays.toString(grants));
            fine += found ? 1 : 0;
        }
        assertTrue(fine > rounds / 20 && fine < rounds * 19 / 20, "one-sided: " + fine + " of " + rounds);
    }

    private static Grant random(Random random, int index) {
        long from = index * 2 + random.nextInt(4);
        long to = from + random.nextInt(4);
        List<Span> renewals = new ArrayList<>();
        long last = to;
        if (random.nextInt(3) == 0) {
            renewals.add(new Span(last + random.nextInt(3), last + 3 + random.nextInt(2)));
            last = renewals.getFirst().to();
        }
        Span release = random.nextBoolean() ? new Span(last + random.nextInt(2), last + 2) : null;
        return new Grant("r", index, index + 1, 2, new Span(from, to), from, 3, renewals, release);
    }

    /** Wing and Gong's search: every order of the calls, every moment of each, against a lock. */
    private static final class Search {

        private final Grant[] grants;
        private final int[] next;

        Search(Grant[] grants) {
            this.grants = grants;
            this.next = new int[grants.length];
        }

        boolean finds() {
            return from(0, -1, 0, 0);
        }

        private boolean from(long now, int holder, long expiry, long lastToken) {
            boolean done = true;
            for (int g = 0; g < grants.length; g++) {
                Span call = call(g);
                if (call == null) {
                    continue;
                }
                done = false;
                for (long at = Math.max(now, call.from()); at <= call.to(); at++) {
                    if (step(g, at, holder, expiry, lastToken)) {
                        return true;
                    }
                }
            }
            return done;
        }

        private boolean step(int g, long at, int holder, long expiry, long lastToken) {
            Grant grant = grants[g];
            int call = next[g];
            boolean isRelease = call > grant.renewals().size();
            next[g]++;
            try {
                if (call == 0) {
                    boolean free = holder < 0 || at >= expiry;
                    return free && grant.token() > lastToken && from(at, g, at + grant.ttl(), grant.token());
                }
                if (isRelease) {
                    return from(at, holder == g ? -1 : holder, expiry, lastToken);
                }
                return holder == g && at <= expiry && from(at, g, at + grant.ttl(), lastToken);
            } finally {
                next[g]--;
            }
        }

        private Span call(int g) {
            Grant grant = grants[g];
            int call = next[g];
            if (call == 0) {
                return grant.acquire();
            }
            if (call <= grant.renewals().size()) {
                return grant.renewals().get(call - 1);
            }
            return call == grant.renewals().size() + 1 ? grant.release() : null;
        }
    }

    private static Grant grant(int client, long token, long from, long to, long releaseFrom, long releaseTo) {
        Span release = releaseFrom < 0 ? null : new Span(releaseFrom, releaseTo);
        long ttl = releaseFrom < 0 ? 100 : 100 * SECOND;
        return new Grant("r", client, token, 2, new Span(from, to), from, ttl, List.of(), release);
    }

    private static History history(Grant... grants) {
        History history = new History();
        Arrays.stream(grants).forEach(history::add);
        return history;
    }

    private static List<String> violations(Grant... grants) {
        return LockChecker.violations(history(grants));
    }

    private static void assertViolation(String text, Grant... grants) {
        List<String> found = violations(grants);
        assertTrue(found.stream().anyMatch(v -> v.contains(text)), () -> text + " not in " + found);
    }
}
