package io.skein.orchestrator.routing;

import io.skein.contracts.agent.WorkRequest;
import io.skein.orchestrator.draft.Needs;
import java.util.Comparator;

/**
 * An agent that takes playbooks, with what {@link Router} needs of it and its node that is the same for every step.
 *
 * @param node null when nobody reported about it
 * @param freeVram of the graphics processor that has most
 * @param free slots; less than none when it is said to do more than it has slots for
 * @param specialisation points
 * @param load points
 */
record Candidate(LiveAgent agent, FleetNode node, long freeVram, int free, int specialisation, int load) {

    private static final String FAMILY = "ansible.";

    /** Among equal scores. */
    static final Comparator<Candidate> TIES = Comparator.comparingInt(Candidate::free)
            .reversed()
            .thenComparing(candidate -> candidate.agent().agentId());

    /** Whatever the step is, as long as nothing was run before: everybody has the same points for the rest. */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparingInt(
                    (Candidate candidate) -> candidate.specialisation() + candidate.load())
            .reversed()
            .thenComparing(TIES);

    static boolean runsPlaybooks(LiveAgent agent) {
        return agent.online() && agent.capabilities().contains(WorkRequest.ANSIBLE_PLAYBOOK);
    }

    static Candidate of(LiveAgent agent, FleetNode node) {
        long family =
                agent.capabilities().stream().filter(c -> c.startsWith(FAMILY)).count();
        int slots = Math.max(1, agent.slots());
        return new Candidate(
                agent,
                node,
                freeVram(node),
                agent.slots() - agent.busy(),
                (int) Math.round(
                        20.0 * family / Math.max(1, agent.capabilities().size())),
                (int) Math.round(10.0 * Math.min(freeSlots(agent), slots) / slots));
    }

    private static int freeSlots(LiveAgent agent) {
        return Math.max(0, Math.max(1, agent.slots()) - agent.busy());
    }

    private static long freeVram(FleetNode node) {
        if (node == null || node.resources() == null) {
            return 0;
        }
        return node.resources().gpus().stream()
                .mapToLong(gpu -> gpu.vramFreeBytes() == null ? 0 : gpu.vramFreeBytes())
                .max()
                .orElse(0);
    }

    /** As a person is told. */
    int freeSlots() {
        return freeSlots(agent);
    }

    boolean fits(Needs needs) {
        return obstacle(needs) == null;
    }

    /** What is in the way, said of its node; null when it can run it. */
    String obstacle(Needs needs) {
        if (node == null) {
            return null;
        }
        if (!node.isOnline()) {
            return "is offline";
        }
        if (node.cordoned()) {
            return "is cordoned";
        }
        if (node.resources() == null) {
            return null;
        }
        if (needs.memoryBytes() != null
                && needs.memoryBytes() > node.resources().memoryAvailableBytes()) {
            return "has too little free memory";
        }
        if (needs.cpuCores() != null && needs.cpuCores() > node.resources().cpuCores()) {
            return "has too few CPU cores";
        }
        if (needs.vramBytes() != null && needs.vramBytes() > freeVram) {
            return "has too little free video memory";
        }
        return null;
    }
}
