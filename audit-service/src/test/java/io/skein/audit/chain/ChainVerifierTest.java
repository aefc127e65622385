package io.skein.audit.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.audit.chain.Finding.Problem;
import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryFactory;
import io.skein.audit.entry.EntryRepository;
import io.skein.audit.record.ChainMarks;
import io.skein.contracts.event.SkeinEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** AUD-04: every way to tamper is found, and the first bad entry is named. */
class ChainVerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final List<Entry> chain = chainOf(10, "actor");

    @Test
    void anUntouchedChainIsGood() {
        assertTrue(verify(chain, headOf(chain)).isEmpty());
        assertTrue(verify(List.of(), new EntryRepository.Head(0, ChainVerifier.GENESIS))
                .isEmpty());
    }

    @Test
    void aChangedEntryIsNamed() {
        EntryRepository.Head head = headOf(chain);
        chain.set(
                4,
                copy(
                        chain.get(4),
                        5,
                        "mallory",
                        chain.get(4).previousHash(),
                        chain.get(4).hash()));
        expect(5, Problem.CHANGED, verify(chain, head));
    }

    @Test
    void aChangedEntryWithAFreshHashIsNamedByItsFollower() {
        EntryRepository.Head head = headOf(chain);
        chain.set(4, rehashed(chain.get(4), 5, "mallory"));
        expect(6, Problem.REMOVED, verify(chain, head));
    }

    @Test
    void aRemovedEntryIsNamed() {
        EntryRepository.Head head = headOf(chain);
        chain.remove(4);
        expect(5, Problem.REMOVED, verify(chain, head));
    }

    @Test
    void anEntryRemovedAndTheRestMovedUpIsNamed() {
        EntryRepository.Head head = headOf(chain);
        chain.remove(4);
        for (int i = 4; i < chain.size(); i++) {
            Entry e = chain.get(i);
            chain.set(i, copy(e, i + 1, e.actor(), e.previousHash(), e.hash()));
        }
        expect(5, Problem.REMOVED, verify(chain, head));
    }

    @Test
    void exchangedEntriesAreNamed() {
        EntryRepository.Head head = headOf(chain);
        Entry five = chain.get(4);
        Entry six = chain.get(5);
        chain.set(4, copy(six, 5, six.actor(), six.previousHash(), six.hash()));
        chain.set(5, copy(five, 6, five.actor(), five.previousHash(), five.hash()));
        expect(5, Problem.REORDERED, verify(chain, head));
    }

    @Test
    void aTruncatedChainIsNamedByItsHeadAndByGit() {
        EntryRepository.Head head = headOf(chain);
        List<Entry> cut = chain.subList(0, 7);
        expect(8, Problem.TRUNCATED, verify(cut, head));
        ChainMarks.Mark mark = new ChainMarks.Mark("c0ffee", 9, chain.get(8).hash());
        expect(8, Problem.TRUNCATED, verify(cut, headOf(cut), mark));
        assertTrue(verify(chain, head, mark).isEmpty());
    }

    @Test
    void aChainWrittenAnewIsNamedByGit() {
        ChainMarks.Mark mark = new ChainMarks.Mark("c0ffee", 3, chain.get(2).hash());
        List<Entry> forged = chainOf(10, "mallory");
        assertTrue(verify(forged, headOf(forged)).isEmpty(), "alone, a chain cannot show this");
        expect(3, Problem.REWRITTEN, verify(forged, headOf(forged), mark));
    }

    @Test
    void aWrongHeadRowIsFound() {
        expect(10, Problem.REWRITTEN, verify(chain, new EntryRepository.Head(10, "f".repeat(64))));
        expect(10, Problem.REWRITTEN, verify(chain, headOf(chain.subList(0, 9))));
    }

    /**
     * The planted bug: a verifier that checks each entry's own hash but not its link to the one before. Removing an entry and
     * giving the following ones new places and new hashes slips through it, and only through it.
     */
    @Test
    void aVerifierThatIgnoresThePreviousHashMissesARemovedEntry() {
        chain.remove(4);
        for (int i = 4; i < chain.size(); i++) {
            chain.set(i, rehashed(chain.get(i), i + 1, chain.get(i).actor()));
        }
        EntryRepository.Head head = headOf(chain);
        ChainVerifier planted = new ChainVerifier(hash -> Optional.empty(), List.of()) {
            @Override
            protected boolean linked(Entry entry, String previous) {
                return true;
            }
        };

        assertTrue(planted.verify(chain.iterator(), head).isEmpty(), "the planted bug should let this pass");
        expect(5, Problem.REMOVED, verify(chain, head));
    }

    private static Optional<Finding> verify(List<Entry> entries, EntryRepository.Head head, ChainMarks.Mark... marks) {
        return new ChainVerifier(
                        hash -> entries.stream()
                                .filter(e -> e.previousHash().equals(hash))
                                .map(Entry::seq)
                                .findFirst(),
                        List.of(marks))
                .verify(entries.iterator(), head);
    }

    private static void expect(long seq, Problem problem, Optional<Finding> found) {
        assertEquals(
                Map.entry(seq, problem),
                found.map(f -> Map.entry(f.seq(), f.problem())).orElse(null),
                () -> found.toString());
    }

    private static EntryRepository.Head headOf(List<Entry> entries) {
        return new EntryRepository.Head(
                entries.getLast().seq(), entries.getLast().hash());
    }

    private static List<Entry> chainOf(int length, String actor) {
        List<Entry> entries = new ArrayList<>();
        String previous = ChainVerifier.GENESIS;
        for (int i = 1; i <= length; i++) {
            SkeinEvent event = SkeinEvent.of("thing.happened")
                    .source("/test")
                    .actor(actor)
                    .data(Map.of("n", i))
                    .build();
            Entry entry = EntryFactory.from(event, null, NOW).chained(i, previous);
            previous = entry.hash();
            entries.add(entry);
        }
        return entries;
    }

    private static Entry rehashed(Entry e, long seq, String actor) {
        Entry forged = copy(e, seq, actor, e.previousHash(), null);
        return copy(forged, seq, actor, forged.previousHash(), forged.computedHash());
    }

    private static Entry copy(Entry e, long seq, String actor, String previous, String hash) {
        return new Entry(
                e.partition(),
                seq,
                e.id(),
                e.at(),
                e.recordedAt(),
                e.source(),
                e.type(),
                e.status(),
                e.subject(),
                e.team(),
                e.owner(),
                actor,
                e.traceId(),
                e.planId(),
                e.taskId(),
                e.resources(),
                e.usage(),
                e.data(),
                previous,
                hash);
    }
}
