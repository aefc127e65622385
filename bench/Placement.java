package io.skein.orchestrator.routing;

import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.SampleStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Which agent runs a step, over a fleet of 5,000 nodes with an agent each and 200 past runs: decisions a second, alternating in one
 * run on one machine.
 *
 * <ul>
 *   <li>skein: {@link Router}. Each measurement begins with a new snapshot and pays for its index, as every two seconds in a fleet
 *   <li>scan: what the formula costs at least when every agent is looked at: one pass over arrays of numbers, where names, hosts,
 *       playbooks and sessions are numbers already, without objects, sentences or an index. It does not pay for making the arrays
 *   <li>plain: {@code PlainRouter} of the tests, the formula written out: every agent against every past run, as the router was before
 * </ul>
 *
 * Before anything is timed all three have to give the same agents and points. Steps differ, and so does the past they are judged by.
 * "crowded" are steps that need more video memory than any node has free: nobody can run them, and everybody is looked at.
 */
final class Placement {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String TEAM = "default";
    private static final long GIB = 1L << 30;
    private static final int QUESTIONS = 512;

    /** A step with what is known when it is decided about. */
    record Question(PlannedStep step, UUID session, List<PastRun> past) {}

    /** Answers the questions one after the other; of one thread. */
    interface Subject {

        /** The points of who was chosen, or -1: something that is used, or the work might be left out. */
        int decide(int question);
    }

    interface Maker {

        Subject make() throws Exception;
    }

    private record Setting(String name, int threads, List<Question> questions, List<String> subjects) {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Integer> options =
                new LinkedHashMap<>(Map.of("repeats", 5, "seconds", 2, "agents", 5000, "runs", 200, "warm", 5));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.replace(arguments[i].substring(2), Integer.parseInt(arguments[i + 1]));
        }
        Random random = new Random(7);
        List<FleetNode> nodes = nodes(random, options.get("agents"));
        List<LiveAgent> agents = agents(random, nodes);
        List<Question> questions = questions(random, agents, options.get("runs"), false);
        List<Question> crowded = questions(random, agents, options.get("runs"), true);
        Fleet fleet = new Fleet(agents, nodes, null);
        int nobody = check(fleet, questions) + check(fleet, crowded);
        System.err.printf("%d questions, the same answers; for %d of them nobody%n", 2 * QUESTIONS, nobody);

        List<Setting> settings = List.of(
                new Setting("1 thread", 1, questions, List.of("skein", "scan", "plain")),
                new Setting("2 threads", 2, questions, List.of("skein", "scan")),
                new Setting("1 thread, crowded", 1, crowded, List.of("skein", "scan", "plain")));
        for (Setting setting : settings) {
            for (String subject : setting.subjects()) {
                measure(setting, subject, agents, nodes, options.get("warm"));
            }
        }
        Map<String, List<Double>> results = new HashMap<>();
        List<Double> builds = new ArrayList<>();
        for (int repeat = 0; repeat < options.get("repeats"); repeat++) {
            for (Setting setting : settings) {
                for (String subject : setting.subjects()) {
                    results.computeIfAbsent(setting.name() + "|" + subject, k -> new ArrayList<>())
                            .add(measure(setting, subject, agents, nodes, options.get("seconds")));
                }
            }
            builds.add(build(agents, nodes));
            System.err.println("repeat " + (repeat + 1) + " done");
        }
        report(options, settings, results, builds);
    }

    /** Decisions a second. What a subject makes for itself is made within the time by skein alone. */
    private static double measure(
            Setting setting, String name, List<LiveAgent> agents, List<FleetNode> nodes, int seconds)
            throws Exception {
        List<Question> asked = setting.questions();
        Scan prepared = new Scan(agents, nodes, asked);
        Fleet shared = new Fleet(agents, nodes, null);
        long from = System.nanoTime();
        Fleet fresh = name.equals("skein") ? new Fleet(agents, nodes, null) : shared;
        Maker maker = switch (name) {
            case "skein" -> () -> i -> points(ask(fresh, asked.get(i)));
            case "plain" -> () -> i -> points(plain(fresh, asked.get(i)));
            default -> prepared::copy;
        };
        long until = from + seconds * 1_000_000_000L;
        List<Future<long[]>> threads = new ArrayList<>();
        try (var executor = Executors.newFixedThreadPool(setting.threads())) {
            for (int t = 0; t < setting.threads(); t++) {
                int first = t * asked.size() / setting.threads();
                Callable<long[]> work = () -> {
                    Subject subject = maker.make();
                    long decisions = 0;
                    long points = 0;
                    for (int i = first; System.nanoTime() < until; i = (i + 1) % asked.size()) {
                        points += subject.decide(i);
                        decisions++;
                    }
                    return new long[] {decisions, points, System.nanoTime()};
                };
                threads.add(executor.submit(work));
            }
            long decisions = 0;
            long points = 0;
            long to = from;
            for (Future<long[]> thread : threads) {
                decisions += thread.get()[0];
                points += thread.get()[1];
                to = Math.max(to, thread.get()[2]);
            }
            if (points == Long.MIN_VALUE) {
                throw new IllegalStateException("nobody has so few points");
            }
            return decisions * 1e9 / (to - from);
        }
    }

    /** Milliseconds to make a snapshot with its index: the median of 20. */
    private static double build(List<LiveAgent> agents, List<FleetNode> nodes) {
        double[] millis = new double[20];
        int kept = 0;
        for (int i = 0; i < millis.length; i++) {
            long from = System.nanoTime();
            kept += new Fleet(agents, nodes, null).candidates(TEAM).bestFirst().size();
            millis[i] = (System.nanoTime() - from) / 1e6;
        }
        if (kept == 0) {
            throw new IllegalStateException("an empty index");
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    private static Router.Choice ask(Fleet fleet, Question q) {
        return Router.choose(q.step(), TEAM, q.session(), fleet, q.past(), NOW);
    }

    private static Router.Choice plain(Fleet fleet, Question q) {
        return PlainRouter.choose(q.step(), TEAM, q.session(), fleet, q.past(), NOW);
    }

    private static int points(Router.Choice choice) {
        return choice.agent() == null ? -1 : choice.score().total();
    }

    /** How many nobody can run. The plain one is slow: it is asked every eighth question. */
    private static int check(Fleet fleet, List<Question> questions) {
        Scan scan = new Scan(fleet.agents(), fleet.nodes(), questions);
        int nobody = 0;
        for (int i = 0; i < questions.size(); i++) {
            Router.Choice choice = ask(fleet, questions.get(i));
            int points = scan.decide(i);
            String agent = scan.best < 0 ? null : fleet.agents().get(scan.best).agentId();
            boolean same = points == points(choice)
                    && (agent == null ? choice.agent() == null : agent.equals(choice.agent()));
            if (!same || i % 8 == 0 && !plain(fleet, questions.get(i)).equals(choice)) {
                throw new IllegalStateException("question " + i + ": " + choice + ", but the scan says " + agent
                        + " with " + points + " and the plain one " + plain(fleet, questions.get(i)));
            }
            nobody += agent == null ? 1 : 0;
        }
        return nobody;
    }

    private static void report(
            Map<String, Integer> options,
            List<Setting> settings,
            Map<String, List<Double>> results,
            List<Double> builds) {
        System.out.printf(
                "decisions over %d nodes and agents with %d past runs; median (least..most) of %d repeats%n",
                options.get("agents"), options.get("runs"), options.get("repeats"));
        for (Setting setting : settings) {
            System.out.println(setting.name());
            List<Double> skein = results.get(setting.name() + "|skein");
            for (String subject : setting.subjects()) {
                List<Double> of = results.get(setting.name() + "|" + subject);
                System.out.printf("  %-6s %s%n", subject, spread(of, "%.1f", "/s"));
            }
            for (String other : setting.subjects().subList(1, setting.subjects().size())) {
                List<Double> of = results.get(setting.name() + "|" + other);
                List<Double> ratios = new ArrayList<>();
                for (int i = 0; i < of.size(); i++) {
                    ratios.add(skein.get(i) / of.get(i));
                }
                System.out.printf("  skein / %-6s %s%n", other, spread(ratios, "%.2f", ""));
            }
        }
        System.out.println("a new snapshot with its index  " + spread(builds, "%.2f", " ms"));
    }

    private static String spread(List<Double> values, String format, String unit) {
        double[] sorted =
                values.stream().mapToDouble(v -> v).sorted().toArray();
        return String.format(
                format + unit + " (" + format + ".." + format + ")",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }

    /** One node in thirty is offline, one in twenty cordoned, a quarter is small, one in twenty-five has a graphics processor. */
    private static List<FleetNode> nodes(Random random, int count) {
        List<FleetNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean small = random.nextInt(4) == 0;
            boolean gpu = random.nextInt(25) == 0;
            NodeHeartbeat.Resources resources = new NodeHeartbeat.Resources(
                    "linux",
                    "amd64",
                    small ? 2 : 4 << random.nextInt(4),
                    random.nextDouble(),
                    List.of(),
                    64 * GIB,
                    small ? GIB : (2 + random.nextInt(60)) * GIB,
                    List.of(),
                    gpu ? List.of(new NodeHeartbeat.Gpu("g", "nvidia-smi", 24 * GIB, random.nextInt(24) * GIB)) : List.of());
            nodes.add(new FleetNode(
                    String.format("node-%05d", i),
                    TEAM,
                    random.nextInt(30) == 0 ? "offline" : "online",
                    random.nextInt(20) == 0,
                    resources));
        }
        return nodes;
    }

    /** One on each node, in no order; one in twenty is offline, one in thirty takes no playbooks, half are busy. */
    private static List<LiveAgent> agents(Random random, List<FleetNode> nodes) {
        List<LiveAgent> agents = new ArrayList<>();
        for (FleetNode node : nodes) {
            int slots = 1 + random.nextInt(8);
            List<String> capabilities = random.nextInt(30) == 0
                    ? List.of("http.check")
                    : random.nextInt(3) == 0
                            ? List.of("ansible.playbook", "http.check")
                            : List.of("ansible.playbook", "ansible.vault");
            agents.add(new LiveAgent(
                    node.name().replace("node", "agent"),
                    "infra",
                    node.name(),
                    TEAM,
                    "1",
                    capabilities,
                    slots,
                    random.nextBoolean() ? 0 : random.nextInt(slots + 1),
                    random.nextInt(20) > 0));
        }
        Collections.shuffle(agents, random);
        return agents;
    }

    private static List<Question> questions(Random random, List<LiveAgent> agents, int runs, boolean crowded) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            Needs needs = crowded
                    ? new Needs(null, null, 80 * GIB)
                    : switch (random.nextInt(10)) {
                        case 0 -> new Needs(8.0, null, null);
                        case 1, 2 -> new Needs(2.0, 8 * GIB, null);
                        case 3 -> new Needs(null, null, 16 * GIB);
                        default -> null;
                    };
            UUID session = new UUID(9, random.nextInt(50));
            questions.add(new Question(step(random, needs), session, past(random, agents, runs)));
        }
        return questions;
    }

    private static PlannedStep step(Random random, Needs needs) {
        int playbook = random.nextInt(40);
        return SampleStep.of("services/playbook-" + playbook + ".yml")
                .service("service-" + playbook % 15)
                .hosts(hosts(random))
                .needs(needs)
                .build();
    }

    /** Half of it by ten agents, the rest by any; over nine days, newest first. */
    private static List<PastRun> past(Random random, List<LiveAgent> agents, int runs) {
        int favourites = random.nextInt(agents.size() - 10);
        List<PastRun> past = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            int agent = random.nextBoolean() ? favourites + random.nextInt(10) : random.nextInt(agents.size());
            int playbook = random.nextInt(40);
            // Its own text, as it comes from the database.
            past.add(new PastRun(
                    new String(agents.get(agent).agentId()),
                    "services/playbook-" + playbook + ".yml",
                    "service-" + playbook % 15,
                    hosts(random),
                    new UUID(9, random.nextInt(50)),
                    random.nextInt(5) > 0,
                    NOW.minusSeconds(random.nextInt(9 * 24 * 3600)),
                    60));
        }
        past.sort(Comparator.comparing(PastRun::finishedAt).reversed());
        return past;
    }

    private static List<String> hosts(Random random) {
        List<String> hosts = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            hosts.add("host-" + random.nextInt(500));
        }
        return hosts;
    }

    /** The formula in numbers: first what the runs say of their agents, then one pass over everybody. */
    private static final class Scan implements Subject {

        private static final double WEEK = 7 * 24 * 3600;

        private record Numbers(
                double cores,
                long memory,
                long vram,
                int playbook,
                int service,
                int[] hosts,
                int session,
                int[] runAgent,
                int[] runPlaybook,
                int[] runService,
                int[][] runHosts,
                int[] runSession,
                boolean[] runGood,
                int[] runAge) {}

        private final int count;
        private final boolean[] takesPlaybooks;
        private final boolean[] nodeOpen;
        private final int[] cores;
        private final long[] memory;
        private final long[] vram;
        private final int[] slots;
        private final int[] busy;
        private final int[] family;
        private final int[] capabilities;
        private final int[] nameRank;
        private final Numbers[] questions;

        private final int[] runs;
        private final int[] good;
        private final int[] same;
        private final int[] sameGood;
        private final int[] hostAge;
        private final int[] kindAge;
        private final int[] talkAge;
        private int best;

        Scan(List<LiveAgent> agents, List<FleetNode> nodes, List<Question> asked) {
            this(agents.size(), new Numbers[asked.size()]);
            Map<String, FleetNode> byName = new HashMap<>();
            nodes.forEach(node -> byName.put(node.name(), node));
            Map<String, Integer> ids = new HashMap<>();
            List<String> names =
                    agents.stream().map(LiveAgent::agentId).sorted().toList();
            Map<String, Integer> ranks = new HashMap<>();
            names.forEach(name -> ranks.put(name, ranks.size()));
            for (int i = 0; i < count; i++) {
                LiveAgent agent = agents.get(i);
                FleetNode node = byName.get(agent.node());
                ids.put(agent.agentId(), i);
                nameRank[i] = ranks.get(agent.agentId());
                takesPlaybooks[i] = agent.online() && agent.capabilities().contains("ansible.playbook");
                nodeOpen[i] = node.isOnline() && !node.cordoned();
                cores[i] = node.resources().cpuCores();
                memory[i] = node.resources().memoryAvailableBytes();
                vram[i] = node.resources().gpus().stream()
                        .mapToLong(NodeHeartbeat.Gpu::vramFreeBytes)
                        .max()
                        .orElse(0);
                slots[i] = agent.slots();
                busy[i] = agent.busy();
                family[i] = (int) agent.capabilities().stream()
                        .filter(c -> c.startsWith("ansible."))
                        .count();
                capabilities[i] = agent.capabilities().size();
            }
            Map<Object, Integer> numbers = new HashMap<>();
            for (int q = 0; q < questions.length; q++) {
                questions[q] = numbers(asked.get(q), ids, numbers);
            }
        }

        private Scan(int count, Numbers[] questions) {
            this.count = count;
            this.questions = questions;
            takesPlaybooks = new boolean[count];
            nodeOpen = new boolean[count];
            cores = new int[count];
            memory = new long[count];
            vram = new long[count];
            slots = new int[count];
            busy = new int[count];
            family = new int[count];
            capabilities = new int[count];
            nameRank = new int[count];
            runs = new int[count];
            good = new int[count];
            same = new int[count];
            sameGood = new int[count];
            hostAge = new int[count];
            kindAge = new int[count];
            talkAge = new int[count];
        }

        /** For another thread. */
        Scan copy() {
            Scan copy = new Scan(count, questions);
            System.arraycopy(takesPlaybooks, 0, copy.takesPlaybooks, 0, count);
            System.arraycopy(nodeOpen, 0, copy.nodeOpen, 0, count);
            System.arraycopy(cores, 0, copy.cores, 0, count);
            System.arraycopy(memory, 0, copy.memory, 0, count);
            System.arraycopy(vram, 0, copy.vram, 0, count);
            System.arraycopy(slots, 0, copy.slots, 0, count);
            System.arraycopy(busy, 0, copy.busy, 0, count);
            System.arraycopy(family, 0, copy.family, 0, count);
            System.arraycopy(capabilities, 0, copy.capabilities, 0, count);
            System.arraycopy(nameRank, 0, copy.nameRank, 0, count);
            return copy;
        }

        private static Numbers numbers(Question q, Map<String, Integer> ids, Map<Object, Integer> numbers) {
            Needs needs = q.step().resources();
            List<PastRun> past = q.past();
            return new Numbers(
                    needs.cpuCores() == null ? -1 : needs.cpuCores(),
                    needs.memoryBytes() == null ? -1 : needs.memoryBytes(),
                    needs.vramBytes() == null ? -1 : needs.vramBytes(),
                    number(q.step().playbook(), numbers),
                    number(q.step().service(), numbers),
                    hosts(q.step().hosts(), numbers),
                    number(q.session(), numbers),
                    past.stream().mapToInt(run -> ids.get(run.agent())).toArray(),
                    past.stream().mapToInt(run -> number(run.playbook(), numbers)).toArray(),
                    past.stream().mapToInt(run -> number(run.service(), numbers)).toArray(),
                    past.stream().map(run -> hosts(run.hosts(), numbers)).toArray(int[][]::new),
                    past.stream().mapToInt(run -> number(run.sessionId(), numbers)).toArray(),
                    flags(past),
                    past.stream()
                            .mapToInt(run -> (int) (NOW.getEpochSecond() - run.finishedAt().getEpochSecond()))
                            .toArray());
        }

        private static boolean[] flags(List<PastRun> past) {
            boolean[] good = new boolean[past.size()];
            for (int i = 0; i < good.length; i++) {
                good[i] = past.get(i).succeeded();
            }
            return good;
        }

        private static int[] hosts(List<String> names, Map<Object, Integer> numbers) {
            return names.stream().mapToInt(name -> number(name, numbers)).toArray();
        }

        private static int number(Object of, Map<Object, Integer> numbers) {
            return numbers.computeIfAbsent(of, k -> numbers.size());
        }

        @Override
        public int decide(int question) {
            Numbers q = questions[question];
            Arrays.fill(runs, 0);
            for (int r = 0; r < q.runAgent.length; r++) {
                note(q, r);
            }
            best = -1;
            int bestTotal = -1;
            int bestFree = 0;
            for (int i = 0; i < count; i++) {
                if (!takesPlaybooks[i] || !nodeOpen[i] || q.memory > memory[i] || q.cores > cores[i] || q.vram > vram[i]) {
                    continue;
                }
                int points = total(i);
                int free = slots[i] - busy[i];
                if (points > bestTotal
                        || points == bestTotal
                                && (free > bestFree || free == bestFree && nameRank[i] < nameRank[best])) {
                    best = i;
                    bestTotal = points;
                    bestFree = free;
                }
            }
            return bestTotal;
        }

        private void note(Numbers q, int r) {
            int a = q.runAgent[r];
            if (runs[a] == 0) {
                good[a] = same[a] = sameGood[a] = 0;
                hostAge[a] = kindAge[a] = talkAge[a] = Integer.MAX_VALUE;
            }
            if (runs[a] == 50) {
                return;
            }
            runs[a]++;
            boolean samePlaybook = q.runPlaybook[r] == q.playbook;
            if (q.runGood[r]) {
                good[a]++;
            }
            if (samePlaybook) {
                same[a]++;
                if (q.runGood[r]) {
                    sameGood[a]++;
                }
            }
            if (meet(q.runHosts[r], q.hosts)) {
                hostAge[a] = Math.min(hostAge[a], q.runAge[r]);
            }
            if (samePlaybook || q.runService[r] == q.service) {
                kindAge[a] = Math.min(kindAge[a], q.runAge[r]);
            }
            if (q.runSession[r] == q.session) {
                talkAge[a] = Math.min(talkAge[a], q.runAge[r]);
            }
        }

        private static boolean meet(int[] some, int[] others) {
            for (int one : some) {
                for (int other : others) {
                    if (one == other) {
                        return true;
                    }
                }
            }
            return false;
        }

        private int total(int i) {
            int success = 30;
            int context = 0;
            if (runs[i] > 0) {
                boolean enough = same[i] >= 3;
                success = (int) Math.round(
                        40.0 * ((enough ? sameGood[i] : good[i]) + 3) / ((enough ? same[i] : runs[i]) + 4));
                context = (int) Math.round(15 * age(hostAge[i]) + 10 * age(kindAge[i]) + 5 * age(talkAge[i]));
            }
            int special = (int) Math.round(20.0 * family[i] / Math.max(1, capabilities[i]));
            int all = Math.max(1, slots[i]);
            int load = (int) Math.round(10.0 * Math.min(Math.max(0, all - busy[i]), all) / all);
            return success + context + special + load;
        }

        private static double age(int seconds) {
            return seconds == Integer.MAX_VALUE ? 0 : Math.min(1, Math.max(0, 1 - seconds / WEEK));
        }
    }
}
