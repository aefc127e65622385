package io.skein.orchestrator.infra;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
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
import org.jboss.logging.Logger;

/** What the infra agent knows and one team may use, asked at most every two seconds. */
public class TeamCatalogue {

    private static final Logger LOG = Logger.getLogger(TeamCatalogue.class);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration STALE = Duration.ofSeconds(60);
    private static final int PAGE = 200;
    private static final int MAX_PATTERNS = 256;
    /** What the infra agent takes in one question. */
    private static final int MAX_TASKS = 50;

    private static final int MAX_TEXT = 2000;
    private static final int MAX_CONTEXT = 4000;
    private static final int CANDIDATES = 5;

    private final String team;
    private final InfraAgentApi api;
    private final Clock clock;
    private final Map<String, Cached<Set<String>>> patterns = new ConcurrentHashMap<>();
    private final Cached<List<Inventory>> inventories;
    private final Cached<Map<String, Playbook>> playbooks;

    TeamCatalogue(String team, InfraAgentApi api, Clock clock) {
        this.team = team;
        this.api = api;
        this.clock = clock;
        inventories = new Cached<>(
                "the infra agent", () -> asked(() -> api.inventories(team).items()), FRESH, STALE, clock);
        playbooks = new Cached<>("the infra agent", () -> asked(this::allPlaybooks), FRESH, Duration.ZERO, clock);
    }

    public List<Inventory> inventories() {
        return inventories.get();
    }

    /** A playbook by its path; broken ones too. */
    public Optional<Playbook> playbook(String path) {
        return Optional.ofNullable(playbooks.get().get(path));
    }

    /**
     * What is there this moment, past every cache.
     *
     * @param playbooks by path; broken ones too
     * @param inventories by path
     */
    public record Now(Map<String, Playbook> playbooks, Map<String, Inventory> inventories) {}

    /** Asks again: for when it matters that nothing is seconds old. */
    public Now now() {
        Map<String, Playbook> byPath = new LinkedHashMap<>();
        asked(() -> api.rescan(team).items()).forEach(playbook -> byPath.put(playbook.path(), playbook));
        Map<String, Inventory> inventoryByPath = new LinkedHashMap<>();
        asked(() -> api.inventories(team).items())
                .forEach(inventory -> inventoryByPath.put(inventory.path(), inventory));
        return new Now(byPath, inventoryByPath);
    }

    /** Playbooks that are there and cannot be parsed. */
    public List<Playbook> brokenPlaybooks() {
        return playbooks.get().values().stream().filter(p -> p.broken() != null).toList();
    }

    /** Which playbook each sentence means; in the order asked. */
    public Match.Answer match(List<Match.Task> tasks) {
        List<Match.Result> results = new ArrayList<>();
        double threshold = 1;
        for (int from = 0; from < tasks.size(); from += MAX_TASKS) {
            List<Match.Task> part = tasks.subList(from, Math.min(tasks.size(), from + MAX_TASKS)).stream()
                    .map(task -> new Match.Task(head(task.text()), tail(task.context())))
                    .toList();
            Match.Answer answer = asked(() -> api.match(team, new Match.Query(part, CANDIDATES)));
            if (answer.results() == null || answer.results().size() != part.size()) {
                throw new ProblemException(
                        ErrorCode.UPSTREAM_FAILED,
                        "The infra agent answered another number of matches than asked for.");
            }
            results.addAll(answer.results());
            threshold = answer.threshold();
        }
        return new Match.Answer(threshold, results);
    }

    /** What a task is about stands at its beginning, what was said last is nearest to it. */
    private static String head(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static String tail(String context) {
        return context == null || context.length() <= MAX_CONTEXT
                ? context
                : context.substring(context.length() - MAX_CONTEXT);
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
                                    () -> asked(() -> new LinkedHashSet<>(api.hosts(team, inventory.path(), pattern)
                                            .hosts())),
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
            InfraAgentApi.Playbooks page = api.playbooks(team, PAGE, after);
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
            LOG.warnf("the infra agent answered with status %d", e.getResponse().getStatus());
            throw new ProblemException(
                    ErrorCode.UPSTREAM_FAILED,
                    "The infra agent answered with status " + e.getResponse().getStatus()
                            + "; without it nobody knows the playbooks. Try again in a moment.");
        } catch (ProcessingException e) {
            LOG.warnf("the infra agent cannot be asked: %s", e.getCause() == null ? e : e.getCause());
            throw new ProblemException(
                    ErrorCode.UPSTREAM_TIMEOUT,
                    "The infra agent does not answer; without it nobody knows the playbooks. Try again in a moment.");
        }
    }
}
