package io.skein.contracts.event;

/** The event types the fleet publishes itself. Past tense; the part before the first dot is the thing it is about. */
public final class EventTypes {

    private EventTypes() {}

    public static final String REQUEST_RECEIVED = "request.received";

    public static final String PLAN_CREATED = "plan.created";
    public static final String PLAN_MODIFIED = "plan.modified";
    public static final String PLAN_APPROVED = "plan.approved";
    public static final String PLAN_REJECTED = "plan.rejected";
    public static final String PLAN_STARTED = "plan.started";
    public static final String PLAN_WAITING = "plan.waiting";
    public static final String PLAN_COMPLETED = "plan.completed";
    public static final String PLAN_FAILED = "plan.failed";
    public static final String PLAN_INTERRUPTED = "plan.interrupted";
    public static final String PLAN_CANCELLED = "plan.cancelled";

    public static final String STEP_DISPATCHED = "step.dispatched";
    public static final String STEP_STARTED = "step.started";
    public static final String STEP_COMPLETED = "step.completed";
    public static final String STEP_FAILED = "step.failed";
    public static final String STEP_INTERRUPTED = "step.interrupted";
    public static final String STEP_CANCELLED = "step.cancelled";
    public static final String STEP_SKIPPED = "step.skipped";

    public static final String LOCK_GRANTED = "lock.granted";
    public static final String LOCK_QUEUED = "lock.queued";
    public static final String LOCK_RENEWED = "lock.renewed";
    public static final String LOCK_RELEASED = "lock.released";
    public static final String LOCK_EXPIRED = "lock.expired";
    public static final String LOCK_OVERRIDDEN = "lock.overridden";
    public static final String FENCING_REFUSED = "fencing.refused";

    public static final String NODE_REGISTERED = "node.registered";
    public static final String NODE_CORDONED = "node.cordoned";
    public static final String NODE_UNCORDONED = "node.uncordoned";
    public static final String NODE_REMOVED = "node.removed";
    public static final String DEVICE_ONLINE = "device.online";
    public static final String DEVICE_OFFLINE = "device.offline";
    public static final String AGENT_ONLINE = "agent.online";
    public static final String AGENT_OFFLINE = "agent.offline";

    /** A version of an agent definition; subject: its id, data: id, version, status, name. */
    public static final String AGENT_DEFINITION_CREATED = "agent.definition.created";

    public static final String AGENT_DEFINITION_UPDATED = "agent.definition.updated";
    public static final String AGENT_DEFINITION_PUBLISHED = "agent.definition.published";
    public static final String AGENT_DEFINITION_DEPRECATED = "agent.definition.deprecated";
    public static final String AGENT_DEFINITION_DELETED = "agent.definition.deleted";

    public static final String PLAYBOOK_DISCOVERED = "playbook.discovered";
    public static final String PLAYBOOK_CHANGED = "playbook.changed";
    public static final String PLAYBOOK_REMOVED = "playbook.removed";
    public static final String PLAYBOOK_BROKEN = "playbook.broken";

    /** The JSON record of a finished task is in git; data: taskId, path, commit. */
    public static final String AUDIT_TASK_COMMITTED = "audit.task.committed";

    public static final String AUTH_USER_CREATED = "auth.user.created";
    /** Roles, team or being disabled; data: what changed. */
    public static final String AUTH_USER_CHANGED = "auth.user.changed";

    public static final String AUTH_USER_DELETED = "auth.user.deleted";
    public static final String AUTH_PASSWORD_CHANGED = "auth.password.changed";
    public static final String AUTH_TEAM_CREATED = "auth.team.created";
    public static final String AUTH_TEAM_DELETED = "auth.team.deleted";
    public static final String AUTH_TOKEN_CREATED = "auth.token.created";
    public static final String AUTH_TOKEN_REVOKED = "auth.token.revoked";
    /** A new key signs access tokens; data: kid. */
    public static final String AUTH_KEY_ROTATED = "auth.key.rotated";

    public static final String AUTH_SIGNED_IN = "auth.signed.in";
    public static final String AUTH_SIGN_IN_FAILED = "auth.sign.in.failed";
    public static final String AUTH_SIGNED_OUT = "auth.signed.out";
    /** A refresh token came back after it had been exchanged: somebody has a copy of it. */
    public static final String AUTH_REFRESH_REUSED = "auth.refresh.reused";

    /** An agent of a team was started; data: instanceId, agent, version, state. The same for the other four. */
    public static final String RUNTIME_INSTANCE_STARTED = "runtime.instance.started";

    public static final String RUNTIME_INSTANCE_PAUSED = "runtime.instance.paused";
    public static final String RUNTIME_INSTANCE_RESUMED = "runtime.instance.resumed";
    public static final String RUNTIME_INSTANCE_STOPPED = "runtime.instance.stopped";
    /** Too many of its tasks failed in a row; it takes no more until somebody resumes it. */
    public static final String RUNTIME_INSTANCE_FAILED = "runtime.instance.failed";

    /** An agent has something to do; data: taskId, instanceId, agent, name, status. The same for the other five. */
    public static final String RUNTIME_TASK_QUEUED = "runtime.task.queued";

    public static final String RUNTIME_TASK_STARTED = "runtime.task.started";
    public static final String RUNTIME_TASK_WAITING = "runtime.task.waiting";
    public static final String RUNTIME_TASK_SUCCEEDED = "runtime.task.succeeded";
    public static final String RUNTIME_TASK_FAILED = "runtime.task.failed";
    public static final String RUNTIME_TASK_CANCELLED = "runtime.task.cancelled";
    /** Agents wake each other without end: this event woke nobody; data: agent, type, hops. */
    public static final String RUNTIME_LOOP_STOPPED = "runtime.loop.stopped";

    /** Somebody reached a limit for the first time in its window; data: limit, seconds. */
    public static final String LIMIT_REACHED = "limit.reached";

    /** An administrator gave a dead letter back to its queue; data: deadLetterId, queue, sender, messageId. */
    public static final String DEAD_LETTER_REPLAYED = "runtime.dead.letter.replayed";
    /** An administrator threw a dead letter away; data as above. */
    public static final String DEAD_LETTER_DELETED = "runtime.dead.letter.deleted";

    public static final String SCHEDULE_CREATED = "schedule.created";
    /** What it does, or whether it is paused; data: change. */
    public static final String SCHEDULE_CHANGED = "schedule.changed";

    public static final String SCHEDULE_DELETED = "schedule.deleted";
    /** Due times went by without its event, as it is told to; data: missed (how many), from, to. */
    public static final String SCHEDULE_MISSED = "schedule.missed";

    public static final String WEBHOOK_CREATED = "webhook.created";
    /** What it does, whether it is on, or its secret; data: change. */
    public static final String WEBHOOK_CHANGED = "webhook.changed";

    public static final String WEBHOOK_DELETED = "webhook.deleted";
    /** Deliveries to it were refused, told at most once a minute; data: reason (of the last), refused (since it was told). */
    public static final String WEBHOOK_REFUSED = "webhook.refused";

    /** A screen shows nothing; data: device, and what is known about it. */
    public static final String ALERT_BLACKSCREEN = "alert.blackscreen";

    public static final String ALERT_DEVICE_OFFLINE = "alert.device.offline";
    /** An alert of a monitoring system; data: labels, annotations, startsAt, fingerprint, status. */
    public static final String ALERT_FIRING = "alert.firing";

    public static final String ALERT_RESOLVED = "alert.resolved";
    public static final String BUILD_DEPLOYED = "build.deployed";

    /**
     * A message on the broker did not come from whom it says, and changed nothing; data: sender (the broker's user), claimed,
     * queue, routingKey, reason.
     */
    public static final String MESSAGE_REFUSED = "message.refused";
}
