package io.skein.infra.catalogue;

import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.agent.Agent;
import io.skein.infra.agent.AnsibleRuntime;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The playbooks that are there now. Answers come from memory; PostgreSQL keeps identities and change times over restarts. */
@ApplicationScoped
public class Catalogue {

    private static final Logger LOG = Logger.getLogger(Catalogue.class);

    @Inject
    AnsibleRuntime ansible;

    @Inject
    PlaybookRepository repository;

    @Inject
    ContentFiles contents;

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    Agent agent;

    @Inject
    Clock clock;

    private final CompletableFuture<Void> firstScan = new CompletableFuture<>();
    private volatile List<Playbook> playbooks = List.of();
    private volatile String fingerprint = "";

    /** Every playbook, broken ones too, by path. Waits for the first scan. */
    public List<Playbook> playbooks() {
        try {
            firstScan.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.warn("The repository has not been read yet; answering with what is known.");
        }
        return playbooks;
    }

    public Optional<Playbook> byId(UUID id) {
        return playbooks().stream().filter(p -> p.id().equals(id)).findFirst();
    }

    public Optional<Playbook> byPath(String path) {
        return playbooks().stream().filter(p -> p.path().equals(path)).findFirst();
    }

    /** The playbook as it is on disk this moment, digest and all; empty when there is none. */
    public Optional<Playbook> readNow(String path) {
        RepositoryFiles files = files();
        return files.file(path).flatMap(file -> new PlaybookParser(files, ansible.rolesPath()).parse(file));
    }

    /** The digest of each file the playbook consists of, as they are on disk this moment; empty when they cannot be read. */
    public SortedMap<String, String> contents(String path) {
        RepositoryFiles files = files();
        Path file = files.file(path).orElse(null);
        try {
            return file == null
                    ? Collections.emptySortedMap()
                    : Sources.of(files, ansible.rolesPath(), file).each();
        } catch (BrokenFileException e) {
            return Collections.emptySortedMap();
        }
    }

    /** Why check mode would not leave everything as it is, or nobody promises that it would; empty when a preview may be made. */
    public Optional<String> previewObstacle(String path) {
        RepositoryFiles files = files();
        Path file = files.file(path).orElse(null);
        if (file == null) {
            return Optional.of("there is no playbook " + path);
        }
        try {
            return CheckSafety.obstacle(files, Sources.of(files, ansible.rolesPath(), file), file);
        } catch (BrokenFileException e) {
            return Optional.of("it is broken: " + e.getMessage());
        }
    }

    public RepositoryFiles files() {
        return new RepositoryFiles(ansible.repository());
    }

    boolean ready() {
        return firstScan.isDone();
    }

    /** Scans only when a file changed since the last time. */
    void refresh() {
        String now = files().fingerprint();
        if (!now.equals(fingerprint)) {
            rescan();
            fingerprint = now;
        }
    }

    /** Reads the whole repository, stores what changed and tells the fleet. */
    synchronized List<Playbook> rescan() {
        List<Playbook> found = new RepositoryScanner(files(), ansible.rolesPath()).scan();
        List<Playbook> stored = jdbi.inTransaction(handle -> store(handle, found));
        playbooks = stored;
        firstScan.complete(null);
        return stored;
    }

    private List<Playbook> store(Handle handle, List<Playbook> found) {
        repository.lock(handle);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<String, Playbook> before = repository.all(handle).stream()
                .collect(Collectors.toMap(Playbook::path, Function.identity(), (a, b) -> b, LinkedHashMap::new));
        List<Playbook> result = found.stream()
                .map(playbook -> {
                    Playbook old = before.remove(playbook.path());
                    remember(handle, playbook);
                    if (old != null
                            && asStored(playbook.identified(old.id(), old.updatedAt()))
                                    .equals(old)) {
                        return old;
                    }
                    Playbook current = playbook.identified(old == null ? Ids.next() : old.id(), now);
                    repository.save(handle, current);
                    tell(handle, old, current);
                    return current;
                })
                .toList();
        before.values().forEach(gone -> {
            repository.remove(handle, gone.path(), now);
            LOG.infof("playbook %s is gone", gone.path());
            event(handle, EventTypes.PLAYBOOK_REMOVED, Priority.NORMAL, gone);
        });
        return result;
    }

    private void remember(Handle handle, Playbook playbook) {
        if (!playbook.isBroken() && !contents.isKept(handle, playbook.contentSha256())) {
            SortedMap<String, String> files = contents(playbook.path());
            contents.keep(handle, Digest.ofEach(files), files);
        }
    }

    /** Through JSON and back: a number has another Java type then. */
    private static Playbook asStored(Playbook playbook) {
        return WireFormat.read(WireFormat.write(playbook), Playbook.class);
    }

    private void tell(Handle handle, Playbook old, Playbook current) {
        if (current.isBroken()) {
            LOG.warnf("playbook %s is broken and will not be run: %s", current.path(), current.broken());
            event(handle, EventTypes.PLAYBOOK_BROKEN, Priority.HIGH, current);
        } else if (old == null) {
            LOG.infof("playbook %s found", current.path());
            event(handle, EventTypes.PLAYBOOK_DISCOVERED, Priority.NORMAL, current);
        } else {
            LOG.infof("playbook %s changed", current.path());
            event(handle, EventTypes.PLAYBOOK_CHANGED, Priority.NORMAL, current);
        }
    }

    private void event(Handle handle, String type, Priority priority, Playbook playbook) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("playbook", playbook.path());
        data.put("name", playbook.name());
        data.put("contentSha256", playbook.contentSha256());
        data.put("broken", playbook.broken());
        outbox.event(
                handle,
                SkeinEvent.of(type)
                        .source(agent.source())
                        .subject(playbook.path())
                        .priority(priority)
                        .team(agent.team())
                        .actor("agent:" + agent.id())
                        .data(data)
                        .build());
    }
}
