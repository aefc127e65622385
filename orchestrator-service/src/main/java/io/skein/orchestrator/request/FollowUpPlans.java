package io.skein.orchestrator.request;

import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.planning.Advice;
import io.skein.orchestrator.planning.Planned;
import io.skein.orchestrator.session.SessionRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps a proposal that came out of an earlier plan as a plan of its own: of the same person, session and hosts, and not approved. */
@ApplicationScoped
public class FollowUpPlans {

    @Inject
    NewPlans newPlans;

    @Inject
    SessionRepository sessions;

    @Inject
    Clock clock;

    /**
     * @param from the plan it came out of
     * @param text what is asked for, for a person
     * @param why why the planner made it
     */
    public UUID keep(Handle tx, Plan from, String text, Draft draft, String why, PlanJournal.Author author) {
        String shown = Redaction.of(draft.steps()).text(text);
        NewPlans.Proposal proposal =
                NewPlans.Proposal.after(from, from.requestedBy(), shown, new Planned(draft, Advice.EMBEDDED, why));
        UUID planId = proposal.planId();
        // Like no other request: the same may be corrected again and again.
        String key = planId.toString();
        NewPlans.Kept kept = newPlans.keep(
                tx,
                proposal,
                new NewPlans.Origin(shown, key, null, sha256(shown), author.actor(), why),
                author.traceId());
        Instant now = clock.instant();
        sessions.say(tx, from.sessionId(), "user", shown, planId, now);
        sessions.say(tx, from.sessionId(), "assistant", Answer.of(draft), planId, now);
        newPlans.tell(
                tx,
                kept,
                author,
                WireFormat.mapper()
                        .createObjectNode()
                        .put("followsPlanId", from.id().toString()));
        return planId;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
