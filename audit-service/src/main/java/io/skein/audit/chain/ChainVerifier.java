package io.skein.audit.chain;

import io.skein.audit.chain.Finding.Problem;
import io.skein.audit.entry.CanonicalJson;
import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryRepository;
import io.skein.audit.record.ChainMarks;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Walks a chain from its beginning and names the first bad entry. What it relies on, in this order: the places are 1, 2, 3 …; each
 * entry names the hash of the one before; each hash is the hash of the content; the git commits saw the same chain; the chain ends
 * where its head says.
 */
class ChainVerifier {

    static final String GENESIS = "0".repeat(64);

    /** How far a moved entry is looked for. */
    private static final int NEIGHBOURHOOD = 1000;

    private final Function<String, Optional<Long>> placeAfter;
    private final TreeMap<Long, ChainMarks.Mark> marks = new TreeMap<>();
    private long checked;
    private String last = GENESIS;

    /**
     * @param placeAfter finds where the entry stands that follows a hash, to tell removed from reordered
     * @param marks what git says
     */
    ChainVerifier(Function<String, Optional<Long>> placeAfter, List<ChainMarks.Mark> marks) {
        this.placeAfter = placeAfter;
        marks.forEach(mark -> this.marks.putIfAbsent(mark.seq(), mark));
    }

    /** Empty when all is well. */
    Optional<Finding> verify(Iterator<Entry> entries, EntryRepository.Head head) {
        while (entries.hasNext()) {
            Entry entry = entries.next();
            Optional<Finding> bad = check(entry, checked + 1);
            if (bad.isPresent()) {
                return bad;
            }
            checked++;
            last = entry.hash();
        }
        if (checked < head.seq()) {
            return truncated("the chain's head is at " + head.seq() + ", its entries end at " + checked);
        }
        if (checked > head.seq() || !last.equals(head.hash())) {
            return Optional.of(new Finding(
                    Math.max(checked, 1),
                    null,
                    Problem.REWRITTEN,
                    "the chain's head row does not match its last entry"));
        }
        if (!marks.isEmpty() && marks.lastKey() > checked) {
            ChainMarks.Mark mark = marks.higherEntry(checked).getValue();
            return truncated(
                    "commit " + mark.commit() + " saw entry " + mark.seq() + ", the entries end at " + checked);
        }
        return Optional.empty();
    }

    long checked() {
        return checked;
    }

    /** Whether an entry says that it follows the one that stands before it. */
    protected boolean linked(Entry entry, String previous) {
        return entry.previousHash().equals(previous);
    }

    private Optional<Finding> check(Entry entry, long place) {
        if (entry.seq() != place) {
            return Optional.of(gap(place, entry));
        }
        boolean sound = CanonicalJson.isStorable(entry.data()) && entry.hash().equals(entry.computedHash());
        if (sound && linked(entry, last)) {
            ChainMarks.Mark mark = marks.get(place);
            return mark == null || mark.hash().equals(entry.hash())
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            place,
                            entry.id(),
                            Problem.REWRITTEN,
                            "commit " + mark.commit() + " saw another entry here, with hash " + mark.hash()));
        }
        if (linked(entry, last)) {
            return Optional.of(new Finding(place, entry.id(), Problem.CHANGED, "its content does not match its hash"));
        }
        Optional<Long> elsewhere = placeAfter.apply(last);
        if (elsewhere.isPresent() && elsewhere.get() != place) {
            return Optional.of(new Finding(
                    place, entry.id(), Problem.REORDERED, "the entry that belongs here stands at " + elsewhere.get()));
        }
        if (sound || movedFrom(entry, place).isPresent()) {
            return Optional.of(new Finding(
                    place,
                    entry.id(),
                    Problem.REMOVED,
                    "the entry that was here is gone, this one stood further back"));
        }
        return Optional.of(new Finding(
                place, entry.id(), Problem.CHANGED, "neither its content nor its link to the entry before is right"));
    }

    private Finding gap(long place, Entry next) {
        Optional<Long> elsewhere = placeAfter.apply(last);
        return elsewhere.isPresent() && elsewhere.get() != place && elsewhere.get() != next.seq()
                ? new Finding(
                        place, null, Problem.REORDERED, "the entry that belongs here stands at " + elsewhere.get())
                : new Finding(place, null, Problem.REMOVED, "no entry is here, the next one is " + next.seq());
    }

    /** Where an entry stood whose place was changed. */
    private static Optional<Long> movedFrom(Entry entry, long place) {
        for (long candidate = Math.max(1, place - NEIGHBOURHOOD); candidate <= place + NEIGHBOURHOOD; candidate++) {
            if (candidate != place && entry.belongsAt(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private Optional<Finding> truncated(String detail) {
        return Optional.of(new Finding(checked + 1, null, Problem.TRUNCATED, detail));
    }
}
