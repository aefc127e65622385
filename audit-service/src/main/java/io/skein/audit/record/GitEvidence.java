package io.skein.audit.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The git repository with the evidence. Commits are made of objects directly, so no hook, no signing and no setting of whoever
 * runs this process changes them; the branch moves only from the commit they were built on, so a second writer is refused. The
 * files beside {@code .git} and the index follow the branch, for people to look at.
 */
final class GitEvidence implements AutoCloseable {

    static final String BRANCH = "main";
    static final String CHAIN_HEAD = "Chain-Head";
    static final String CHAIN_SEQ = "Chain-Seq";

    private static final String REF = Constants.R_HEADS + BRANCH;
    private static final int PUSH_TIMEOUT_SECONDS = 30;

    /** What a commit says about the chain. */
    record Mark(String commit, long seq, String hash) {}

    private final Repository repository;

    private GitEvidence(Repository repository) {
        this.repository = repository;
    }

    /** Opens the repository to write to it, and creates it when it is missing. Only by the one writer. */
    static GitEvidence openToWrite(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            boolean bare = Files.exists(folder.resolve("HEAD")) && Files.isDirectory(folder.resolve("objects"));
            if (!bare && !Files.exists(folder.resolve(".git"))) {
                Git.init()
                        .setDirectory(folder.toFile())
                        .setInitialBranch(BRANCH)
                        .call()
                        .close();
            }
            GitEvidence evidence = new GitEvidence(Git.open(folder.toFile()).getRepository());
            evidence.prepare();
            return evidence;
        } catch (GitAPIException e) {
            throw new IOException("cannot prepare the git repository " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Opens the repository to read; empty when there is none yet. */
    static Optional<GitEvidence> openToRead(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(".git")) && !Files.exists(folder.resolve("HEAD"))) {
            return Optional.empty();
        }
        return Optional.of(new GitEvidence(Git.open(folder.toFile()).getRepository()));
    }

    /** A killed writer leaves lock files, and files and index behind the branch. */
    private void prepare() throws IOException, GitAPIException {
        Path git = repository.getDirectory().toPath();
        for (String lock : List.of("index.lock", "HEAD.lock", "config.lock", REF + ".lock", "logs/HEAD.lock")) {
            Files.deleteIfExists(git.resolve(lock));
        }
        if (!repository.isBare() && repository.resolve(REF) != null) {
            try (Git porcelain = new Git(repository)) {
                porcelain
                        .reset()
                        .setMode(ResetCommand.ResetType.HARD)
                        .setRef(REF)
                        .call();
            }
        }
    }

    /** The commit that brought exactly this content to this path, when the branch has it there now. */
    Optional<String> commitOf(String path, String content) throws IOException {
        ObjectId head = repository.resolve(REF);
        if (head == null) {
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(head);
            try (TreeWalk file = TreeWalk.forPath(repository, path, commit.getTree());
                    ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
                ObjectId blob = formatter.idFor(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8));
                if (file == null || !file.getObjectId(0).equals(blob)) {
                    return Optional.empty();
                }
            }
            walk.reset();
            walk.markStart(commit);
            walk.setTreeFilter(AndTreeFilter.create(PathFilter.create(path), TreeFilter.ANY_DIFF));
            RevCommit last = walk.next();
            return Optional.of((last == null ? commit : last).getName());
        }
    }

    /** Commits files (path to content) on top of the branch and gives the commit's id. */
    String commit(Map<String, String> files, String message, Instant when) throws IOException {
        ObjectId parent = repository.resolve(REF);
        ObjectId commit;
        try (ObjectInserter inserter = repository.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            DirCache tree = DirCache.newInCore();
            if (parent != null) {
                DirCacheBuilder builder = tree.builder();
                try (RevWalk walk = new RevWalk(reader)) {
                    builder.addTree(
                            new byte[0],
                            DirCacheEntry.STAGE_0,
                            reader,
                            walk.parseCommit(parent).getTree());
                }
                builder.finish();
            }
            DirCacheEditor editor = tree.editor();
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
                put(editor, file.getKey(), inserter.insert(Constants.OBJ_BLOB, bytes), bytes.length);
            }
            editor.finish();
            CommitBuilder builder = new CommitBuilder();
            builder.setTreeId(tree.writeTree(inserter));
            if (parent != null) {
                builder.setParentId(parent);
            }
            PersonIdent author = new PersonIdent("Skein", "audit@skein.local", when, ZoneOffset.UTC);
            builder.setAuthor(author);
            builder.setCommitter(author);
            builder.setMessage(message);
            commit = inserter.insert(builder);
            inserter.flush();
        }
        moveBranch(parent, commit, message);
        if (!repository.isBare()) {
            show(files);
        }
        return commit.getName();
    }

    private void moveBranch(ObjectId parent, ObjectId commit, String message) throws IOException {
        RefUpdate update = repository.updateRef(REF);
        update.setExpectedOldObjectId(parent == null ? ObjectId.zeroId() : parent);
        update.setNewObjectId(commit);
        update.setRefLogMessage("commit: " + message.lines().findFirst().orElse(""), false);
        RefUpdate.Result result = update.update();
        if (result != RefUpdate.Result.NEW && result != RefUpdate.Result.FAST_FORWARD) {
            throw new IOException("branch " + BRANCH + " did not move (" + result + "): somebody else writes here");
        }
    }

    /** Puts the files beside {@code .git} and into the index. */
    private void show(Map<String, String> files) throws IOException {
        Path folder = repository.getWorkTree().toPath();
        DirCache index = repository.lockDirCache();
        try {
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
                Path target = folder.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Path draft = Files.createTempFile(target.getParent(), ".draft", null);
                Files.write(draft, bytes);
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
                    put(editor, file.getKey(), formatter.idFor(Constants.OBJ_BLOB, bytes), bytes.length);
                }
            }
            if (!editor.commit()) {
                throw new IOException("the git index could not be written");
            }
        } finally {
            index.unlock();
        }
    }

    private static void put(DirCacheEditor editor, String path, ObjectId blob, int length) {
        editor.add(new DirCacheEditor.PathEdit(path) {
            @Override
            public void apply(DirCacheEntry entry) {
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(blob);
                entry.setLength(length);
            }
        });
    }

    /** What every commit of the branch says about the chain, newest first. */
    List<Mark> marks() throws IOException {
        List<Mark> marks = new ArrayList<>();
        ObjectId head = repository.resolve(REF);
        if (head == null) {
            return marks;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(head));
            for (RevCommit commit : walk) {
                String hash = footer(commit, CHAIN_HEAD);
                String seq = footer(commit, CHAIN_SEQ);
                if (hash != null && seq != null && seq.matches("\\d{1,18}")) {
                    marks.add(new Mark(commit.getName(), Long.parseLong(seq), hash));
                }
            }
        }
        return marks;
    }

    private static String footer(RevCommit commit, String key) {
        for (FooterLine line : commit.getFooterLines()) {
            if (line.getKey().equals(key)) {
                return line.getValue();
            }
        }
        return null;
    }

    /** The newest commit, null before the first. */
    String head() throws IOException {
        ObjectId head = repository.resolve(REF);
        return head == null ? null : head.getName();
    }

    void push(String remote) throws IOException {
        try (Git porcelain = new Git(repository)) {
            Iterable<PushResult> results = porcelain
                    .push()
                    .setRemote(remote)
                    .setRefSpecs(new RefSpec(REF + ":" + REF))
                    .setTimeout(PUSH_TIMEOUT_SECONDS)
                    .call();
            for (PushResult result : results) {
                for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                    if (update.getStatus() != RemoteRefUpdate.Status.OK
                            && update.getStatus() != RemoteRefUpdate.Status.UP_TO_DATE) {
                        throw new IOException("the remote answered " + update.getStatus()
                                + (update.getMessage() == null ? "" : ": " + update.getMessage()));
                    }
                }
            }
        } catch (GitAPIException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
