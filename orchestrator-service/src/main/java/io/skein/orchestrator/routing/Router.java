package io.skein.orchestrator.routing;

import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Chooses the agent for a step.
 *
 * <p>Filter: online, of the plan's team, takes {@code ansible.playbook}, its node is neither offline nor cordoned and has the
 * memory, cores and video memory the playbook asks for. A node nobody reported about filters nothing.
 *
 * <p>Score, 0..100:
 *
 * <pre>
 *  past success    0..40   40 · (s + 3) / (n + 4)     s of the last n ≤ 50 runs succeeded: those of this playbook by this
 *                                                     agent, or all by this agent when it ran the playbook fewer than 3 times;
 *                                                     three good runs in four are assumed beforehand
 *  recent context  0..30   15 · age(same host) + 10 · age(same playbook or service) + 5 · age(same session)
 *                          age = 1 for a run just now, falling to 0 after 7 days
 *  specialisation  0..20   20 · (its capabilities of the ansible family / all its capabilities)
 *  load            0..10   10 · (free slots / slots)
 * </pre>
 *
 * Equal scores: more free slots, then the name, so that the same question gets the same answer.
 *
 * <p>Only agents of which there are past runs are scored one by one. The others have the same points for them, so that the first
 * that can of {@link Candidates#bestFirst()} stands for all of them.
 */
public final class Router {

    private static final int MAX_RUNS = 50;

    /**
     * Who runs it and why.
     *
     * @param agent null when nobody can; {@code score} is null then too
     * @param reason why nobody can, or the score's sentence
     */
    public record Choice(String agent, Score score, String reason) {}

    private record Ranked(Candidate candidate, History history, int total) {

        static final Comparator<Ranked> BEST_FIRST =
                Comparator.comparingInt(Ranked::total).reversed().thenComparing(Ranked::candidate, Candidate.TIES);

        static Ranked of(Candidate candidate, History history) {
            return new Ranked(
                    candidate,
                    history,
                    history.success() + history.context() + candidate.specialisation() + candidate.load());
        }
    }

    private Router() {}

    /** @param past newest first */
    public static Choice choose(
            PlannedStep step, String team, UUID session, Fleet fleet, List<PastRun> past, Instant now) {
        if (fleet.problem() != null) {
            return new Choice(null, null, fleet.problem());
        }
        Candidates candidates = fleet.candidates(team);
        Map<String, List<PastRun>> lastRuns = lastRuns(past);
        Set<String> hosts = new HashSet<>(step.hosts());
        List<Ranked> ranked = new ArrayList<>();
        lastRuns.forEach((agentId, own) -> {
            Candidate candidate = candidates.get(agentId);
            if (candidate != null && candidate.fits(step.resources())) {
                ranked.add(Ranked.of(candidate, History.of(own, step, hosts, session, now)));
            }
        });
        for (Candidate candidate : candidates.bestFirst()) {
            if (candidate.fits(step.resources())
                    && !lastRuns.containsKey(candidate.agent().agentId())) {
                ranked.add(Ranked.of(candidate, History.NONE));
                break;
            }
        }
        return ranked.stream()
                .min(Ranked.BEST_FIRST)
                .map(Router::chosen)
                .orElseGet(() -> new Choice(null, null, lacking(fleet, candidates, step.resources())));
    }

    /** Whether this agent passes the filter. */
    public static boolean canRun(String agentId, PlannedStep step, String team, Fleet fleet) {
        Candidate candidate = fleet.candidates(team).get(agentId);
        return fleet.problem() == null && candidate != null && candidate.fits(step.resources());
    }

    private static Map<String, List<PastRun>> lastRuns(List<PastRun> past) {
        Map<String, List<PastRun>> lastRuns = new HashMap<>();
        for (PastRun run : past) {
            List<PastRun> own = lastRuns.computeIfAbsent(run.agent(), agent -> new ArrayList<>());
            if (own.size() < MAX_RUNS) {
                own.add(run);
            }
        }
        return lastRuns;
    }

    /** Why none of them can: the obstacle of the one the registry named last. */
    private static String lacking(Fleet fleet, Candidates candidates, Needs needs) {
        for (LiveAgent agent : fleet.agents().reversed()) {
            Candidate candidate = candidates.get(agent.agentId());
            if (candidate != null && candidate.agent().equals(agent)) {
                return "Node " + candidate.node().name() + " " + candidate.obstacle(needs);
            }
        }
        return "No agent that runs playbooks is online";
    }

    private static Choice chosen(Ranked best) {
        Candidate candidate = best.candidate();
        History history = best.history();
        String reason = reason(candidate, history);
        return new Choice(
                candidate.agent().agentId(),
                new Score(
                        best.total(),
                        history.success(),
                        history.context(),
                        candidate.specialisation(),
                        candidate.load(),
                        reason),
                reason);
    }

    private static String reason(Candidate candidate, History history) {
        StringBuilder reason = new StringBuilder(candidate.agent().agentId());
        if (history.runs() == 0) {
            reason.append(" has no runs to judge it by yet");
        } else {
            reason.append(" completed ")
                    .append(history.good())
                    .append(" of its last ")
                    .append(history.runs())
                    .append(history.runs() == 1 ? " run" : " runs")
                    .append(history.samePlaybook() ? " of this playbook" : "");
        }
        if (history.host() > 0) {
            reason.append(", worked on this host lately");
        } else if (history.kind() > 0) {
            reason.append(", ran something like it lately");
        }
        int free = candidate.freeSlots();
        return reason.append(" and has ")
                .append(free)
                .append(free == 1 ? " free slot." : " free slots.")
                .toString();
    }
}
