package io.skein.contracts.event;

/** The event types the fleet publishes itself. Past tense; the part before the first dot is the thing it is about. */
public final class EventTypes {

    private EventTypes() {}

    public static final String REQUEST_RECEIVED = "request.received";

    public static final String PLAN_CREATED = "plan.created";
    public static final String PLAN_MODIFIED = "plan.modified";
    public static final String PLAN_APPROVED = "plan.approved";
    /** One person approved where two have to; data: reason, approver, rule. */
    public static final String PLAN_APPROVAL_GIVEN = "plan.approval.given";
    /** What was approved is not there any more, so somebody has to approve what is; data: reason, stepNumber, files, version. */
    public static final String PLAN_APPROVAL_LAPSED = "plan.approval.lapsed";

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

    /** A task of its own kind, no plan's; subject: its id, data: taskId, title, status, reason, priority, agent. */
    public static final String TASK_CREATED = "task.created";

    /** What it says about itself, not its state; data: changed (names of members). */
    public static final String TASK_CHANGED = "task.changed";

    public static final String TASK_STARTED = "task.started";
    /** It was under way and is not any more; somebody may start it again. */
    public static final String TASK_PUT_BACK = "task.put.back";

    public static final String TASK_COMPLETED = "task.completed";
    public static final String TASK_FAILED = "task.failed";
    public static final String TASK_CANCELLED = "task.cancelled";
    /** It was over and is to be done again. */
    public static final String TASK_REOPENED = "task.reopened";

    public static final String TASK_DELETED = "task.deleted";
    /** A person has to look there before it goes on; data: checkpointId, kind, stepNumber, question. The same for the other three. */
    public static final String TASK_CHECKPOINT_SET = "task.checkpoint.set";

    public static final String TASK_CHECKPOINT_REACHED = "task.checkpoint.reached";
    public static final String TASK_CHECKPOINT_CONTINUED = "task.checkpoint.continued";
    public static final String TASK_CHECKPOINT_STOPPED = "task.checkpoint.stopped";
    /** What an agent or a person thinks of it; data: evaluationId, evaluator, overall, scores. */
    public static final String TASK_EVALUATED = "task.evaluated";
    /** Guidance sent it back; data: correctionId, round, guidance, nextPlanId (of a step: the plan that runs it again). */
    public static final String TASK_CORRECTED = "task.corrected";
    /** Corrections led nowhere, a person has to decide; data: correctionId, guidance, checkpointId. */
    public static final String TASK_ESCALATED = "task.escalated";

    /** A conversation was begun without a request; subject: its id, data: title. The same for the other four. */
    public static final String SESSION_CREATED = "session.created";

    public static final String SESSION_RENAMED = "session.renamed";
    public static final String SESSION_ARCHIVED = "session.archived";
    public static final String SESSION_RESTORED = "session.restored";
    public static final String SESSION_DELETED = "session.deleted";

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

    /**
     * A language model answered an agent; subject: the task; data: taskId, agent, provider, model, outcome, usage (wall_millis,
     * tokens_in, tokens_out, cost_usd). Never what was asked or answered.
     */
    public static final String RUNTIME_MODEL_CALLED = "runtime.model.called";
    /** It did not; data as above, outcome says why. */
    public static final String RUNTIME_MODEL_FAILED = "runtime.model.failed";

    /**
     * A language model answered the orchestrator; subject: the call; data: callId, sessionId, purpose, provider, model, prompt, reason,
     * outcome, usage (wall_millis, tokens_in, tokens_out, cost_usd). Never what was asked or answered.
     */
    public static final String LLM_CALLED = "llm.called";

    /** It did not, or not in a way that can be used; data as above, outcome says why. */
    public static final String LLM_FAILED = "llm.failed";
    /** Calls cost as much as a soft budget says, for the first time in its period; data: budget (a user name, or everybody). */
    public static final String LLM_BUDGET_WARNED = "llm.budget.warned";
    /** An administrator set or removed a budget; data: budget, period, softUsd, hardUsd. */
    public static final String LLM_BUDGET_CHANGED = "llm.budget.changed";

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
