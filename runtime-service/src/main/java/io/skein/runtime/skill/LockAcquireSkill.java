package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.lockclient.Lock;
import io.skein.lockclient.LockRefusedException;
import io.skein.runtime.course.EventMatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code lock.acquire}: takes a lock, standing in the queue for it as long as the task may. It is renewed while the task goes on, and
 * given back when the task ends, however it does.
 */
@ApplicationScoped
class LockAcquireSkill implements Skill {

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "properties": {
              "resource": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Like host:nas01."},
              "resources": {"type": "array", "minItems": 1, "maxItems": 100,
                "items": {"type": "string", "minLength": 1, "maxLength": 200}, "description": "Several, all or nothing."},
              "priority": {"enum": ["critical", "high", "normal", "low"]}},
              "oneOf": [{"required": ["resource"]}, {"required": ["resources"]}]}""", ObjectNode.class);

    private final TaskLocks locks;

    @Inject
    LockAcquireSkill(TaskLocks locks) {
        this.locks = locks;
    }

    @Override
    public String name() {
        return "lock.acquire";
    }

    @Override
    public String description() {
        return "Take the lock on a resource, a host for example, so that nobody else works on it. It is given back when your task ends.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        List<String> resources = resources(call.input());
        Optional<String> refused = resources.stream()
                .filter(resource ->
                        call.permissions().locks().stream().noneMatch(pattern -> EventMatch.matches(pattern, resource)))
                .findFirst();
        if (refused.isPresent()) {
            return new SkillOutcome.Failed(
                    "forbidden",
                    "The agent may not lock " + refused.get() + ": nothing in permissions.locks fits.",
                    false);
        }
        try {
            Optional<Lock> lock =
                    locks.acquire(call, resources, call.input().path("priority").asText("normal"));
            if (lock.isEmpty()) {
                return waiting(resources);
            }
            ObjectNode output = JsonNodeFactory.instance.objectNode();
            output.put("lockId", lock.get().id());
            output.set("resources", WireFormat.mapper().valueToTree(resources));
            output.set(
                    "fencingTokens", WireFormat.mapper().valueToTree(lock.get().fencingTokens()));
            return new SkillOutcome.Done(output);
        } catch (LockRefusedException e) {
            return e.isHeld() || e.isOver() ? waiting(resources) : CallFailure.of(e, "The lock service");
        } catch (RuntimeException e) {
            return CallFailure.of(e, "The lock service");
        }
    }

    private static SkillOutcome waiting(List<String> resources) {
        return new SkillOutcome.Waiting("lock", String.join(", ", resources), null);
    }

    @Override
    public SkillOutcome look(SkillCall call, SkillOutcome.Waiting begun) {
        SkillOutcome now = run(call);
        // Away for a moment: the queue is there when it is back.
        return now instanceof SkillOutcome.Failed failed && failed.mayPass() ? begun : now;
    }

    @Override
    public void withdraw(SkillCall call, SkillOutcome.Waiting begun) {
        locks.withdraw(call, resources(call.input()));
    }

    @Override
    public boolean takes() {
        return true;
    }

    @Override
    public Kept keep(SkillCall call, JsonNode output) {
        return locks.renew(call, output.path("lockId").asText());
    }

    @Override
    public void giveBack(SkillCall call, JsonNode output) {
        locks.release(call, output.path("lockId").asText());
    }

    private static List<String> resources(ObjectNode input) {
        if (input.hasNonNull("resource")) {
            return List.of(input.path("resource").asText());
        }
        List<String> resources = new ArrayList<>();
        input.path("resources").forEach(resource -> resources.add(resource.asText()));
        return resources.stream().distinct().sorted().toList();
    }
}
