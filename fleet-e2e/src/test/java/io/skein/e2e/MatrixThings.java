package io.skein.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The real things the rows of the endpoint matrix are about. The owner made them, through the API; one of each is shared by all
 * questions that leave it as it is, and made anew for a question that is expected to change it.
 */
final class MatrixThings implements EndpointMatrix.Things {

    private static final System.Logger LOG = System.getLogger(MatrixThings.class.getName());

    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)(!?)}");

    private final Fleet fleet;
    private final MatrixPeople people;
    private final Map<String, String> shared = new HashMap<>();
    private final Map<String, Supplier<String>> makers = new HashMap<>();

    MatrixThings(Fleet fleet, MatrixPeople people) {
        this.fleet = fleet;
        this.people = people;
        makers.put("unique", () -> "m" + UUID.randomUUID());
        makers.put("plan", this::plan);
        makers.put("approved", this::approved);
        makers.put("paused", this::paused);
        makers.put("task", this::task);
        makers.put("owntask", () -> make("/api/v1/tasks", Map.of("title", "Matrix xylophone " + UUID.randomUUID())));
        makers.put("checkedtask", () -> make("/api/v1/tasks", Map.of("title", "Matrix " + UUID.randomUUID())));
        makers.put("checkpoint", this::checkpoint);
        makers.put("continued", this::continued);
        makers.put("session", () -> make("/api/v1/sessions", Map.of("title", "Matrix " + UUID.randomUUID())));
        makers.put("resource", () -> fill("matrix:{unique}", true));
        makers.put("lock", () -> lock(fill("{resource}", false), 3600));
        makers.put("freelock", () -> lock("matrix:" + UUID.randomUUID(), 3600));
        makers.put("waiting", this::waiting);
        makers.put("expired", this::expired);
        makers.put("event", this::event);
        makers.put(
                "schedule",
                () -> make("/api/v1/schedules", Map.of("name", "matrix", "cron", "0 0 1 1 *", "type", "matrix.due")));
        makers.put("webhook", () -> make("/api/v1/webhooks", Map.of("name", "matrix", "format", "github")));
        makers.put("instance", this::instance);
        makers.put(
                "agenttask",
                () -> make(
                        "/api/v1/runtime/instances/" + fill("{instance}", false) + "/tasks",
                        Map.of("name", "matrix.unknown", "data", Map.of())));
        makers.put("node", () -> first("/api/v1/nodes", "name"));
        makers.put("agent", () -> first("/api/v1/agents/live", "agentId"));
        makers.put("draft", this::draft);
        makers.put("playbook", () -> first("/api/v1/playbooks?q=uptime", "id"));
        makers.put("inventory", () -> first("/api/v1/inventories", "path"));
        makers.put("user", () -> people.create("u-" + UUID.randomUUID(), List.of("viewer"), "default"));
        makers.put("ownername", () -> people.name(Who.OWNER));
        makers.put("apitoken", () -> make("/api/v1/tokens", Map.of("name", "matrix", "scopes", List.of("viewer"))));
        makers.put("team", this::team);
        makers.put("budgeted", this::budgeted);
    }

    @Override
    public String fill(String template, boolean fresh) {
        return NAME.matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1).equals("unique")
                                        || fresh && !match.group(2).isEmpty()
                                ? maker(match.group(1)).get()
                                : one(match.group(1))));
    }

    private String one(String name) {
        String id = shared.get(name);
        if (id == null) {
            id = maker(name).get();
            shared.put(name, id);
        }
        return id;
    }

    private Supplier<String> maker(String name) {
        Supplier<String> maker = makers.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("nobody can make a " + name);
        }
        return maker;
    }

    private String plan() {
        return make("/api/v1/requests", Map.of("text", "check the free disk space", "allowDuplicate", true));
    }

    /** Somebody whose spending is limited: the owner, by the administrator. */
    private String budgeted() {
        String name = people.name(Who.OWNER);
        Fleet.Answer answer = fleet.send(
                "PUT", "/api/v1/llm/budgets/users/" + name, Map.of("period", "month", "hardUsd", 1000), fleet.bearer());
        if (answer.status() != 200) {
            throw new IllegalStateException("no budget: " + answer);
        }
        return name;
    }

    /** An agent definition nobody has published. */
    private String draft() {
        Map<String, Object> metadata =
                Map.of("id", "matrix-" + UUID.randomUUID(), "name", "Matrix", "version", "1.0.0", "type", "specialist");
        return make("/api/v1/agents", Map.of("metadata", metadata, "goal", Map.of("mode", "on_demand")));
    }

    /** Approved, and not begun: its hosts are locked. */
    private String approved() {
        String id = plan();
        for (JsonNode step : fleet.plan(id).path("steps")) {
            step.path("hosts")
                    .forEach(host -> shared.computeIfAbsent("host:" + host.asText(), resource -> root(
                                    "POST", "/api/v1/locks", Map.of("resourceId", resource, "ttlSeconds", 600))
                            .path("id")
                            .asText()));
        }
        decide(Who.APPROVER, id, "approve", Map.of());
        return id;
    }

    private String paused() {
        String id = approved();
        decide(Who.OWNER, id, "pause", Map.of());
        return id;
    }

    /** A plan that is over and has its record. */
    private String task() {
        String id = plan();
        decide(Who.APPROVER, id, "reject", Map.of("reason", "for the matrix"));
        awaitTrue(
                () -> send(Who.OWNER, "GET", "/api/v1/audit/tasks/" + id, null).status() == 200);
        awaitTrue(() -> seen(Who.OWNER, "/api/v1/events?type=plan.rejected&planId=" + id, id));
        return id;
    }

    /** One of an agent the registry ships; more than one of it, because questions about stopping need their own. */
    private String instance() {
        return make("/api/v1/runtime/instances/start", Map.of("agent", first("/api/v1/agents", "id"), "another", true));
    }

    private String lock(String resource, int seconds) {
        return make("/api/v1/locks", Map.of("resourceId", resource, "ttlSeconds", seconds));
    }

    /** A place in the queue for a lock. */
    private String waiting() {
        String resource = "matrix:" + UUID.randomUUID();
        lock(resource, 3600);
        Thread.ofVirtual().start(() -> {
            try {
                send(Who.OWNER, "POST", "/api/v1/locks", Map.of("resourceId", resource, "waitSeconds", 60));
            } catch (IllegalStateException e) {
                // Nobody waits for the answer; Awaitility would blame whatever test runs when it does not come.
                LOG.log(System.Logger.Level.DEBUG, "the wait for {0} ended: {1}", resource, e.getMessage());
            }
        });
        String[] id = new String[1];
        awaitTrue(() -> {
            id[0] = send(Who.OWNER, "GET", "/api/v1/locks/resources/" + resource, null)
                    .body()
                    .path("queue")
                    .path(0)
                    .path("id")
                    .asText("");
            return !id[0].isEmpty();
        });
        return id[0];
    }

    /** A lock that ran out, which counts as a failure. */
    private String expired() {
        String resource = "matrix:" + UUID.randomUUID();
        String id = lock(resource, 1);
        // Somebody who waits makes it run out on time.
        send(Who.OWNER, "POST", "/api/v1/locks", Map.of("resourceId", resource, "waitSeconds", 10));
        awaitTrue(() -> seen(Who.OWNER, "/api/v1/audit/failures?type=lock.expired", id));
        return id;
    }

    private String event() {
        String id = make("/api/v1/events/publish", Map.of("type", "matrix.published"));
        awaitTrue(() -> seen(Who.OWNER, "/api/v1/events?type=matrix.published", id));
        return id;
    }

    private String team() {
        String name = "t-" + UUID.randomUUID().toString().substring(0, 13);
        root("POST", "/api/v1/teams", Map.of("name", name));
        return name;
    }

    /** Where the shared task waits for a person. */
    private String checkpoint() {
        return make(fill("/api/v1/tasks/{checkedtask}/checkpoints", false), Map.of("question", "Matrix?"));
    }

    /** One that somebody has looked at. */
    private String continued() {
        String id = checkpoint();
        String path = fill("/api/v1/tasks/{checkedtask}/checkpoints/", false) + id + "/continue";
        Fleet.Answer answer = send(Who.APPROVER, "POST", path, Map.of());
        if (answer.status() != 200) {
            throw new IllegalStateException("continue answered " + answer);
        }
        return id;
    }

    private String first(String list, String member) {
        String[] found = new String[1];
        awaitTrue(() -> {
            found[0] = send(Who.OWNER, "GET", list, null)
                    .body()
                    .path("items")
                    .path(0)
                    .path(member)
                    .asText("");
            return !found[0].isEmpty();
        });
        return found[0];
    }

    private boolean seen(Who who, String list, String text) {
        return send(who, "GET", list, null).body().toString().contains(text);
    }

    private String make(String path, Object body) {
        return fleet.created(path, body, people.token(Who.OWNER)).path("id").asText();
    }

    private void decide(Who who, String plan, String verb, Object body) {
        Fleet.Answer answer = send(who, "POST", "/api/v1/plans/" + plan + "/" + verb, body);
        if (answer.status() != 200) {
            throw new IllegalStateException(verb + " answered " + answer);
        }
    }

    private JsonNode root(String method, String path, Object body) {
        Fleet.Answer answer = fleet.send(method, path, body, fleet.bearer());
        if (answer.status() >= 300) {
            throw new IllegalStateException(method + " " + path + " answered " + answer);
        }
        return answer.body();
    }

    private Fleet.Answer send(Who who, String method, String path, Object body) {
        return fleet.send(method, path, body, people.token(who));
    }

    /** A machine that was removed is back with its next heartbeat, within half a minute. */
    private static void awaitTrue(Callable<Boolean> condition) {
        Awaitility.await().atMost(ofSeconds(45)).pollInterval(ofMillis(100)).until(condition);
    }

    /** Lets go of the hosts, and ends what would run on them then. */
    void clear() {
        JsonNode plans = fleet.send("GET", "/api/v1/plans?size=200", null, people.token(Who.OWNER))
                .body();
        for (JsonNode plan : plans.path("items")) {
            // What is over already answers 409.
            send(Who.OWNER, "POST", "/api/v1/plans/" + plan.path("id").asText() + "/cancel", Map.of());
        }
        shared.forEach((name, id) -> {
            if (name.startsWith("host:")) {
                fleet.send("DELETE", "/api/v1/locks/" + id + "?reason=matrix", null, fleet.bearer());
            }
        });
    }
}
