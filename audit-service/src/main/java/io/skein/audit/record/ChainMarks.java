package io.skein.audit.record;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What the commits say the chain looked like: a second witness, outside the database. */
@ApplicationScoped
public class ChainMarks {

    @Inject
    RecordConfig config;

    /** The chain had an entry {@code seq} with this hash when the commit was made. */
    public record Mark(String commit, long seq, String hash) {}

    /**
     * Newest first; none while there is no repository on this machine.
     *
     * @throws IOException when there is one that cannot be read
     */
    public List<Mark> read() throws IOException {
        Optional<GitEvidence> evidence = GitEvidence.openToRead(config.gitDir());
        if (evidence.isEmpty()) {
            return List.of();
        }
        try (GitEvidence open = evidence.get()) {
            return open.marks().stream()
                    .map(mark -> new Mark(mark.commit(), mark.seq(), mark.hash()))
                    .toList();
        }
    }
}
