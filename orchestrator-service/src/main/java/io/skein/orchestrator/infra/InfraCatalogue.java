package io.skein.orchestrator.infra;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** What the infra agent knows, asked at most every two seconds. */
@ApplicationScoped
public class InfraCatalogue {

    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration STALE = Duration.ofSeconds(60);
    private static final int PAGE = 200;
    private static final int MAX_PATTERNS = 256;

    @Inject
    @RestClient
    InfraAgentApi api;

    @Inject
    Clock clock;

    private final Map<String, Cached<Set<String>>> patterns = new ConcurrentHashMap<>();
    private Cached<List<Inventory>> inventories;
    private Cached<Map<String, Playbook>> playbooks;

    @PostConstruct
    void prepare() {
        inventories = new Cached<>(
                "the infra agent", () -> asked(() -> api.inventories().items()), FRESH, STALE, clock);
        playbooks = new Cached<>("the infra agent", () -> asked(this::allPlaybooks), FRESH, Duration.ZERO, clock);
    }

    public List<Inventory> inventories() {
        return inventories.get();
    }

    /** A playbook by its path; broken ones too. */
    public Optional<Playbook> playbook(String path) {
        return Optional.ofNullable(playbooks.get().get(path));
    }

    /** Which playbook each sentence means; in the order asked. */
    public Match.Answer match(List<Match.Task> tasks) {
        Match.Answer answer = asked(() -> api.match(new Match.Query(tasks, 5)));
        if (answer.results() == null || answer.results().size() != tasks.size()) {
            throw new ProblemException(
                    ErrorCode.UPSTREAM_FAILED, "The infra agent answered another number of matches than asked for.");
        }
        return answer;
    }

    /** The hosts of an inventory a pattern means. */
    public Set<String> hosts(Inventory inventory, String pattern) {
        return inventory.simplePattern(pattern).orElseGet(() -> {
            if (patterns.size() > MAX_PATTERNS) {
                patterns.clear();
            }
            return patterns.computeIfAbsent(
                            inventory.path() + "\n" + pattern,
                            key -> new Cached<>(
                                    "the infra agent",
                                    () -> asked(() -> new LinkedHashSet<>(
                                            api.hosts(inventory.path(), pattern).hosts())),
                                    FRESH,
                                    STALE,
                                    clock))
                    .get();
        });
    }

    private Map<String, Playbook> allPlaybooks() {
        List<Playbook> all = new ArrayList<>();
        String after = null;
        do {
            InfraAgentApi.Playbooks page = api.playbooks(PAGE, after);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        Map<String, Playbook> byPath = new LinkedHashMap<>();
        all.forEach(playbook -> byPath.put(playbook.path(), playbook));
        return byPath;
    }

    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (WebApplicationException e) {
            throw new ProblemException(
                    ErrorCode.UPSTREAM_FAILED,
                    "The infra agent answered with status " + e.getResponse().getStatus()
                            + "; without it nobody knows the playbooks. Try again in a moment.");
        } catch (ProcessingException e) {
            throw new ProblemException(
                    ErrorCode.UPSTREAM_TIMEOUT,
                    "The infra agent does not answer; without it nobody knows the playbooks. Try again in a moment.");
        }
    }
}
