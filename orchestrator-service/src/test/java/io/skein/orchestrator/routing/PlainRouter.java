package io.skein.orchestrator.routing;

import io.skein.contracts.agent.WorkRequest;
import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The formula of {@link Router} written out: every agent is scored against every past run, and the best one is looked for. The
 * measure of what {@link Router} answers, and in {@code bench/placement} of how fast.
 */
final class PlainRouter {

    private static final Duration CONTEXT = Duration.ofDays(7);
    private static final int MAX_RUNS = 50;
    private static final int ENOUGH_RUNS = 3;
    private static final String FAMILY = "ansible.";

    private record Ranked(LiveAgent agent, Score score) {}

    private PlainRouter() {}

    static Router.Choice choose(
            PlannedStep step, String team, UUID session, Fleet fleet, List<PastRun> past, Instant now) {
        if (fleet.problem() != null) {
            return new Router.Choice(null, null, fleet.problem());
        }
        List<Ranked> ranked = new ArrayList<>();
        String lacking = null;
        for (LiveAgent agent : fleet.agents()) {
            if (!agent.online()
                    || !agent.capabilities().contains(WorkRequest.ANSIBLE_PLAYBOOK)
                    || !ofTeam(agent, team)) {
                continue;
            }
            Optional<String> obstacle = node(fleet, agent).flatMap(node -> obstacle(node, step.resources()));
            if (obstacle.isPresent()) {
                lacking = obstacle.get();
            } else {
                ranked.add(new Ranked(agent, score(agent, step, session, past, now)));
            }
        }
        return ranked.stream()
                .max(Comparator.comparingInt((Ranked r) -> r.score().total())
                        .thenComparingInt(r -> r.agent().slots() - r.agent().busy())
                        .thenComparing(r -> r.agent().agentId(), Comparator.reverseOrder()))
                .map(best -> new Router.Choice(
                        best.agent().agentId(), best.score(), best.score().reason()))
                .orElse(new Router.Choice(
                        null, null, lacking != null ? lacking : "No agent that runs playbooks is online"));
    }

    private static Optional<FleetNode> node(Fleet fleet, LiveAgent agent) {
        return fleet.nodes().stream()
                .filter(node -> node.name().equals(agent.node()))
                .filter(node -> Objects.equals(agent.team(), node.team()))
                .findFirst();
    }

    private static boolean ofTeam(LiveAgent agent, String team) {
        return team.equals(agent.team());
    }

    private static Optional<String> obstacle(FleetNode node, Needs needs) {
        if (!node.isOnline()) {
            return Optional.of("Node " + node.name() + " is offline");
        }
        if (node.cordoned()) {
            return Optional.of("Node " + node.name() + " is cordoned");
        }
        if (node.resources() == null) {
            return Optional.empty();
        }
        if (needs.memoryBytes() != null
                && needs.memoryBytes() > node.resources().memoryAvailableBytes()) {
            return Optional.of("Node " + node.name() + " has too little free memory");
        }
        if (needs.cpuCores() != null && needs.cpuCores() > node.resources().cpuCores()) {
            return Optional.of("Node " + node.name() + " has too few CPU cores");
        }
        if (needs.vramBytes() != null && needs.vramBytes() > freeVram(node)) {
            return Optional.of("Node " + node.name() + " has too little free video memory");
        }
        return Optional.empty();
    }

    private static long freeVram(FleetNode node) {
        return node.resources().gpus().stream()
                .mapToLong(gpu -> gpu.vramFreeBytes() == null ? 0 : gpu.vramFreeBytes())
                .max()
                .orElse(0);
    }

    private static Score score(LiveAgent agent, PlannedStep step, UUID session, List<PastRun> past, Instant now) {
        List<PastRun> own = past.stream()
                .filter(run -> agent.agentId().equals(run.agent()))
                .limit(MAX_RUNS)
                .toList();
        List<PastRun> same = own.stream()
                .filter(run -> run.playbook().equals(step.playbook()))
                .toList();
        List<PastRun> judged = same.size() >= ENOUGH_RUNS ? same : own;
        long good = judged.stream().filter(PastRun::succeeded).count();
        int success = (int) Math.round(40.0 * (good + 3) / (judged.size() + 4));

        double host = age(
                own.stream()
                        .filter(run -> run.hosts().stream().anyMatch(step.hosts()::contains))
                        .toList(),
                now);
        double kind = age(
                own.stream()
                        .filter(run -> run.playbook().equals(step.playbook())
                                || step.service() != null && step.service().equals(run.service()))
                        .toList(),
                now);
        double talk = age(
                own.stream()
                        .filter(run -> session != null && session.equals(run.sessionId()))
                        .toList(),
                now);
        int context = (int) Math.round(15 * host + 10 * kind + 5 * talk);

        long family =
                agent.capabilities().stream().filter(c -> c.startsWith(FAMILY)).count();
        int special = (int)
                Math.round(20.0 * family / Math.max(1, agent.capabilities().size()));
        int slots = Math.max(1, agent.slots());
        int free = Math.max(0, slots - agent.busy());
        int load = (int) Math.round(10.0 * Math.min(free, slots) / slots);
        return new Score(
                success + context + special + load,
                success,
                context,
                special,
                load,
                reason(agent, judged.size(), good, same.size() >= ENOUGH_RUNS, host, kind, free));
    }

    private static double age(List<PastRun> runs, Instant now) {
        return runs.stream()
                .map(PastRun::finishedAt)
                .max(Comparator.naturalOrder())
                .map(last ->
                        Math.max(0, 1 - (double) Duration.between(last, now).toSeconds() / CONTEXT.toSeconds()))
                .map(age -> Math.min(1, age))
                .orElse(0.0);
    }

    private static String reason(
            LiveAgent agent, int runs, long good, boolean samePlaybook, double host, double kind, int free) {
        StringBuilder reason = new StringBuilder(agent.agentId());
        if (runs == 0) {
            reason.append(" has no runs to judge it by yet");
        } else {
            reason.append(" completed ")
                    .append(good)
                    .append(" of its last ")
                    .append(runs)
                    .append(runs == 1 ? " run" : " runs")
                    .append(samePlaybook ? " of this playbook" : "");
        }
        if (host > 0) {
            reason.append(", worked on this host lately");
        } else if (kind > 0) {
            reason.append(", ran something like it lately");
        }
        return reason.append(" and has ")
                .append(free)
                .append(free == 1 ? " free slot." : " free slots.")
                .toString();
    }
}
