package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.lockclient.Lock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** {@code lock.release}: gives back locks the task has; one it has no more is no error. */
@ApplicationScoped
class LockReleaseSkill implements Skill {

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "properties": {
              "resource": {"type": "string", "minLength": 1, "maxLength": 200,
                "description": "The lock that covers it; without it and lockId all of the task's locks."},
              "lockId": {"type": "string", "maxLength": 64}}}""", ObjectNode.class);

    private final TaskLocks locks;

    @Inject
    LockReleaseSkill(TaskLocks locks) {
        this.locks = locks;
    }

    @Override
    public String name() {
        return "lock.release";
    }

    @Override
    public String description() {
        return "Give back a lock you took.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        String resource = call.input().path("resource").asText(null);
        String id = call.input().path("lockId").asText(null);
        try {
            // Only the task's own: a lock's id alone would let an agent end anybody's.
            List<String> released = locks.held(call).stream()
                    .filter(lock -> id == null || id.equals(lock.id()))
                    .filter(lock -> resource == null || lock.resourceIds().contains(resource))
                    .map(Lock::id)
                    .toList();
            released.forEach(lock -> locks.release(call, lock));
            ObjectNode output = JsonNodeFactory.instance.objectNode();
            output.set("released", WireFormat.mapper().valueToTree(released));
            return new SkillOutcome.Done(output);
        } catch (RuntimeException e) {
            return CallFailure.of(e, "The lock service");
        }
    }
}
