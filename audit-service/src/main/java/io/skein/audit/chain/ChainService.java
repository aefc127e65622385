package io.skein.audit.chain;

import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryRepository;
import io.skein.audit.record.ChainMarks;
import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Verifies the chain as it stands now. */
@ApplicationScoped
class ChainService {

    private static final Logger LOG = Logger.getLogger(ChainService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    EntryRepository entries;

    @Inject
    ChainMarks chainMarks;

    /** Reading the whole chain costs; one at a time is enough. */
    private final ReentrantLock one = new ReentrantLock();

    /** Whether somebody may see the entry a finding is about. */
    boolean isVisible(Finding finding, Visibility visibility) {
        return jdbi.withHandle(handle -> entries.isVisible(handle, Entry.MAIN, finding.seq(), visibility));
    }

    record Result(long entries, EntryRepository.Head head, int commits, Optional<Finding> firstBad) {}

    Result verify() throws IOException {
        one.lock();
        try {
            // Git first: entries are written before the commits that name them, so the snapshot below holds them all.
            List<ChainMarks.Mark> marks = chainMarks.read();
            return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, tx -> {
                EntryRepository.Head head = entries.head(tx, Entry.MAIN);
                ChainVerifier verifier = new ChainVerifier(hash -> entries.placeAfter(tx, Entry.MAIN, hash), marks);
                Optional<Finding> bad;
                try (ResultIterator<Entry> chain = entries.chain(tx, Entry.MAIN)) {
                    bad = verifier.verify(chain, head);
                }
                bad.ifPresent(finding -> LOG.errorf(
                        "audit chain is broken: entry %d was %s: %s",
                        finding.seq(), finding.problem().wire(), finding.detail()));
                return new Result(verifier.checked(), head, marks.size(), bad);
            });
        } finally {
            one.unlock();
        }
    }
}
