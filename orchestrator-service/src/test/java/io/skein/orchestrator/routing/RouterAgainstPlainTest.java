package io.skein.orchestrator.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.SampleStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the fleet is: the agent, the score and the sentence are those of the formula written out. */
class RouterAgainstPlainTest {

    private static final int FLEETS = 20_000;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final List<String> TEAMS = Arrays.asList("red", "red", "red", "blue", null);
    private static final List<List<String>> CAPABILITIES = List.of(
            List.of(),
            List.of("http.check"),
            List.of("ansible.playbook"),
            List.of("ansible.playbook"),
            List.of("ansible.playbook", "http.check"),
            List.of("ansible.vault", "ansible.playbook"),
            List.of("ansible.playbook", "http.check", "ansible.vault"));

    private record Question(PlannedStep step, UUID session, Fleet fleet, List<PastRun> past) {

        Router.Choice plain() {
            return PlainRouter.choose(step, "red", session, fleet, past, NOW);
        }

        Router.Choice asked(Fleet of, List<PastRun> runs) {
            return Router.choose(step, "red", session, of, runs, NOW);
        }
    }

    /** What a faulty index would leave out or mix up. */
    enum Planted {
        NO_NODE_IS_LOOKED_AT {
            @Override
            Router.Choice choose(Question q) {
                return q.asked(new Fleet(q.fleet().agents(), List.of(), null), q.past());
            }
        },
        THE_PAST_IS_FORGOTTEN {
            @Override
            Router.Choice choose(Question q) {
                return q.asked(q.fleet(), List.of());
            }
        },
        THE_OLDEST_RUNS_COUNT {
            @Override
            Router.Choice choose(Question q) {
                return q.asked(q.fleet(), q.past().reversed());
            }
        },
        NODES_OF_ALL_TEAMS_ARE_MIXED {
            @Override
            Router.Choice choose(Question q) {
                List<FleetNode> nodes = q.fleet().nodes().stream()
                        .map(n -> new FleetNode(n.name(), "red", n.status(), n.cordoned(), n.resources()))
                        .toList();
                return q.asked(new Fleet(q.fleet().agents(), nodes, null), q.past());
            }
        },
        SLOTS_ARE_NOT_LOOKED_AT {
            @Override
            Router.Choice choose(Question q) {
                List<LiveAgent> idle = q.fleet().agents().stream()
                        .map(a -> new LiveAgent(
                                a.agentId(),
                                a.agentType(),
                                a.node(),
                                a.team(),
                                a.version(),
                                a.capabilities(),
                                1,
                                0,
                                a.online()))
                        .toList();
                return q.asked(new Fleet(idle, q.fleet().nodes(), null), q.past());
            }
        };

        abstract Router.Choice choose(Question question);
    }

    @Test
    void theChoiceIsThatOfTheFormula() {
        int nobody = 0;
        for (int seed = 0; seed < FLEETS; seed++) {
            Question q = question(new Random(seed));
            Router.Choice plain = q.plain();
            assertEquals(plain, q.asked(q.fleet(), q.past()), "seed " + seed);
            nobody += plain.agent() == null ? 1 : 0;
        }
        assertTrue(nobody > FLEETS / 50 && nobody < FLEETS / 2, nobody + " without anybody");
    }

    @Test
    void whoIsLeftOutIsNotThere() {
        for (int seed = 0; seed < FLEETS; seed++) {
            Random random = new Random(seed);
            Question q = question(random);
            Set<String> out = Set.of("agent-" + random.nextInt(12), "agent-" + (12 + random.nextInt(3)));
            Fleet left = new Fleet(
                    q.fleet().agents().stream()
                            .filter(agent -> !out.contains(agent.agentId()))
                            .toList(),
                    q.fleet().nodes(),
                    null);
            assertEquals(
                    PlainRouter.choose(q.step(), "red", q.session(), left, q.past(), NOW),
                    q.asked(q.fleet().without(out), q.past()),
                    "seed " + seed);
        }
    }

    @Test
    void whoCanRunItIsWhoWouldBeChosenAlone() {
        for (int seed = 0; seed < FLEETS; seed++) {
            Random random = new Random(seed);
            Question q = question(random);
            String id = random.nextInt(20) == 0 ? null : "agent-" + random.nextInt(13);
            Fleet alone = new Fleet(
                    q.fleet().agents().stream()
                            .filter(agent -> agent.agentId().equals(id))
                            .toList(),
                    q.fleet().nodes(),
                    null);
            assertEquals(
                    PlainRouter.choose(q.step(), "red", null, alone, List.of(), NOW)
                                    .agent()
                            != null,
                    Router.canRun(id, q.step(), "red", q.fleet()),
                    "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(Planted.class)
    void aFaultIsSeen(Planted fault) {
        int differ = 0;
        for (int seed = 0; seed < FLEETS / 10; seed++) {
            Question q = question(new Random(seed));
            differ += fault.choose(q).equals(q.plain()) ? 0 : 1;
        }
        assertTrue(differ > 0, "the planted fault was not seen: the test proves nothing");
    }

    /** Few different values, so that many are equal. */
    private static Question question(Random random) {
        List<LiveAgent> agents = new ArrayList<>();
        for (int i = random.nextInt(13); i > 0; i--) {
            String team = TEAMS.get(random.nextInt(TEAMS.size()));
            agents.add(new LiveAgent(
                    "agent-" + i,
                    "infra",
                    random.nextInt(8) == 0 ? null : "node-" + random.nextInt(6),
                    team,
                    "1",
                    CAPABILITIES.get(random.nextInt(CAPABILITIES.size())),
                    random.nextInt(4),
                    random.nextInt(4),
                    random.nextInt(6) > 0));
            if (random.nextInt(4) == 0) {
                // Teams know nothing of each other's names.
                agents.add(new LiveAgent(
                        "agent-" + i,
                        "infra",
                        "node-1",
                        "red".equals(team) ? "blue" : "red",
                        "1",
                        List.of("ansible.playbook"),
                        2,
                        random.nextInt(2),
                        true));
            }
        }
        Collections.shuffle(agents, random);
        List<FleetNode> nodes = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            nodes.add(new FleetNode(
                    "node-" + random.nextInt(6),
                    TEAMS.get(random.nextInt(TEAMS.size())),
                    random.nextInt(6) > 0 ? "online" : "offline",
                    random.nextInt(6) == 0,
                    random.nextInt(4) == 0 ? null : resources(random)));
        }
        UUID session = random.nextInt(5) == 0 ? null : new UUID(0, random.nextInt(2));
        return new Question(step(random), session, new Fleet(agents, nodes, null), past(random));
    }

    private static NodeHeartbeat.Resources resources(Random random) {
        List<NodeHeartbeat.Gpu> gpus = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Long free = random.nextInt(3) == 0 ? null : Long.valueOf(random.nextInt(4));
            gpus.add(new NodeHeartbeat.Gpu("g", "oshi", 4L, free));
        }
        return new NodeHeartbeat.Resources(
                "linux", "amd64", 1 + random.nextInt(4), 0.1, List.of(), 4, random.nextInt(4), List.of(), gpus);
    }

    private static List<PastRun> past(Random random) {
        boolean much = random.nextInt(10) == 0;
        int agents = much ? 3 : 14;
        List<PastRun> past = new ArrayList<>();
        for (int i = much ? 200 : random.nextInt(20); i > 0; i--) {
            // Nine days back, and a little ahead: clocks differ.
            Instant at = NOW.minusSeconds(random.nextInt(40) * 20_000L - 20_000);
            past.add(new PastRun(
                    random.nextInt(20) == 0 ? null : "agent-" + random.nextInt(agents),
                    "p" + random.nextInt(3) + ".yml",
                    random.nextInt(3) == 0 ? null : "s" + random.nextInt(3),
                    hosts(random),
                    random.nextInt(4) == 0 ? null : new UUID(0, random.nextInt(2)),
                    random.nextInt(3) > 0,
                    at,
                    5));
        }
        past.sort(Comparator.comparing(PastRun::finishedAt).reversed());
        return past;
    }

    private static List<String> hosts(Random random) {
        List<String> hosts = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            hosts.add("h" + random.nextInt(5));
        }
        return hosts;
    }

    private static PlannedStep step(Random random) {
        Needs needs = new Needs(
                random.nextInt(3) > 0 ? null : random.nextInt(10) / 2.0,
                random.nextInt(3) > 0 ? null : Long.valueOf(random.nextInt(5)),
                random.nextInt(4) > 0 ? null : Long.valueOf(random.nextInt(5)));
        return SampleStep.of("p" + random.nextInt(3) + ".yml")
                .service(random.nextInt(3) == 0 ? null : "s" + random.nextInt(3))
                .hosts(hosts(random))
                .needs(random.nextInt(3) == 0 ? null : needs)
                .build();
    }
}
