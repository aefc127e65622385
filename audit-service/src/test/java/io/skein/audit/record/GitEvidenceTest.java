package io.skein.audit.record;

import static io.skein.audit.record.GitCommand.git;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written with JGit, read back with git itself. */
class GitEvidenceTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String PATH = ".audit/tasks/0193b2c4-7a1e-7c3d-9b7e-1234567890ab.json";
    private static final String MESSAGE = "Record step x: completed\n\nTask: x\nChain-Head: abc\nChain-Seq: 7\n";

    @TempDir
    Path temp;

    @Test
    void aCommitIsWhatGitReads() throws IOException {
        Path folder = temp.resolve("audit/deep");
        try (GitEvidence evidence = GitEvidence.openToWrite(folder)) {
            String first = evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
            String second = evidence.commit(Map.of(PATH, "{\"a\": 1}\n", "b.json", "b\n"), MESSAGE, NOW);

            assertEquals(second + "\n" + first + "\n", git(folder, "log", "--format=%H", "main"));
            assertEquals("{\"a\": 1}\n", git(folder, "show", "HEAD:" + PATH));
            assertEquals("{}\n", git(folder, "show", first + ":" + PATH));
            assertEquals("", git(folder, "status", "--porcelain"));
            assertEquals("{\"a\": 1}\n", Files.readString(folder.resolve(PATH)));
            assertEquals("Skein <audit@skein.local>\n", git(folder, "log", "-1", "--format=%an <%ae>"));
            assertEquals("Record step x: completed\n", git(folder, "log", "-1", "--format=%s"));
            assertEquals(
                    "7\n", git(folder, "log", "-1", "--format=%(trailers:key=Chain-Seq,valueonly,separator=%x2C)"));
            assertEquals(2, evidence.marks().size());
            assertEquals(
                    new GitEvidence.Mark(second, 7, "abc"), evidence.marks().getFirst());
        }
        git(folder, "fsck", "--strict");
    }

    @Test
    void whatIsThereIsFoundAgain() throws IOException {
        try (GitEvidence evidence = GitEvidence.openToWrite(temp)) {
            assertEquals(Optional.empty(), evidence.commitOf(PATH, "{}\n"));
            String first = evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
            evidence.commit(Map.of("other.json", "x"), MESSAGE, NOW);

            assertEquals(Optional.of(first), evidence.commitOf(PATH, "{}\n"));
            assertEquals(Optional.empty(), evidence.commitOf(PATH, "{ }\n"));
            assertEquals(Optional.empty(), evidence.commitOf("nothing.json", "{}\n"));
        }
    }

    /** What kill -9 leaves behind: lock files, files and index older than the branch. */
    @Test
    void aKilledWriterIsTidiedUpAfter() throws IOException {
        try (GitEvidence evidence = GitEvidence.openToWrite(temp)) {
            evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
        }
        Files.delete(temp.resolve(PATH));
        Files.delete(temp.resolve(".git/index"));
        for (String lock : List.of(".git/index.lock", ".git/HEAD.lock", ".git/refs/heads/main.lock")) {
            Files.createFile(temp.resolve(lock));
        }
        try (GitEvidence evidence = GitEvidence.openToWrite(temp)) {
            assertEquals("", git(temp, "status", "--porcelain"));
            evidence.commit(Map.of("next.json", "{}\n"), MESSAGE, NOW);
        }
        assertEquals("{}\n", Files.readString(temp.resolve(PATH)));
        assertEquals("", git(temp, "status", "--porcelain"));
    }

    @Test
    void aSecondWriterIsRefused() throws IOException {
        try (GitEvidence evidence = GitEvidence.openToWrite(temp)) {
            evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
            Files.createFile(temp.resolve(".git/refs/heads/main.lock"));

            assertThrows(IOException.class, () -> evidence.commit(Map.of(PATH, "{1}\n"), MESSAGE, NOW));
        }
        assertEquals("{}\n", git(temp, "show", "main:" + PATH));
    }

    @Test
    void aBareRepositoryWorksToo() throws IOException {
        git(temp, "init", "-q", "--bare", "-b", "main", "bare.git");
        Path bare = temp.resolve("bare.git");
        try (GitEvidence evidence = GitEvidence.openToWrite(bare)) {
            evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
        }
        assertEquals("{}\n", git(bare, "show", "main:" + PATH));
        assertTrue(GitEvidence.openToRead(temp.resolve("nothing")).isEmpty());
    }

    @Test
    void commitsArePushed() throws IOException {
        git(temp, "init", "-q", "--bare", "-b", "main", "remote.git");
        try (GitEvidence evidence = GitEvidence.openToWrite(temp.resolve("local"))) {
            String commit = evidence.commit(Map.of(PATH, "{}\n"), MESSAGE, NOW);
            evidence.push(temp.resolve("remote.git").toString());

            assertEquals(commit + "\n", git(temp.resolve("remote.git"), "rev-parse", "main"));
            String gone = temp.resolve("gone.git").toString();
            assertThrows(IOException.class, () -> evidence.push(gone));
        }
    }
}
