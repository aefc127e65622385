package io.skein.orchestrator.counsel;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.llm.Ask;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.llm.Models;
import io.skein.orchestrator.llm.Purpose;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.session.Message;
import io.skein.orchestrator.session.Session;
import io.skein.orchestrator.session.SessionRepository;
import io.skein.orchestrator.session.SessionService;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Answers a person's question about a plan, with words that are kept in their session and do nothing else. */
@ApplicationScoped
class Conversation {

    private static final int MAX_QUESTION = 2000;
    private static final int EARLIER = 6;

    @Inject
    Jdbi jdbi;

    @Inject
    SessionService sessions;

    @Inject
    SessionRepository messages;

    @Inject
    PlanReader reader;

    @Inject
    PlanRepository plans;

    @Inject
    PlanAccounts accounts;

    @Inject
    Models models;

    @Inject
    Repeats repeats;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /** What is said back, and by whom. */
    private record Said(String text, String by) {}

    Page<Message> list(String sessionId, Integer size, String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Message> found = jdbi.withHandle(handle ->
                messages.messages(handle, sessions.own(handle, sessionId).id(), cursor, limit + 1));
        return Page.of(found, limit, message -> message.id().toString());
    }

    /**
     * @param planId null: the newest plan of the session
     * @param key null, or the {@code Idempotency-Key}
     */
    Message answer(String sessionId, String text, String planId, String key) {
        String question = question(text);
        Session session = jdbi.withHandle(handle -> open(sessions.own(handle, sessionId)));
        Requester requester = new Requester(caller.team(), caller.name(), caller.actor());
        String call = "message " + session.id() + " " + planId + " " + question;
        Optional<Message> earlier = jdbi.inTransaction(tx -> repeated(tx, requester, key, call));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Optional<PlanAccount> account = account(session, planId);
        // Asks a model, so no transaction is open meanwhile.
        Said said = account.map(known -> asked(session, question, known))
                .orElseGet(() -> new Said(StateInWords.ofNothing(), Message.EMBEDDED));
        String shown = account.map(PlanAccount::redaction)
                .map(redaction -> redaction.text(question))
                .orElse(question);
        UUID about = account.map(known -> known.plan().id()).orElse(null);
        return jdbi.inTransaction(tx -> {
            Optional<Message> meanwhile = repeated(tx, requester, key, call);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            open(sessions.locked(tx, sessionId));
            Instant now = clock.instant();
            messages.say(tx, session.id(), "user", shown, about, now);
            UUID id = messages.answer(tx, session.id(), said.text(), said.by(), about, now);
            repeats.note(tx, requester, key, call, id);
            return messages.message(tx, id).orElseThrow();
        });
    }

    private static String question(String text) {
        if (text == null || text.isBlank()) {
            throw ProblemException.invalid("text", "is missing");
        }
        if (text.length() > MAX_QUESTION) {
            throw ProblemException.invalid("text", "must be at most " + MAX_QUESTION + " characters");
        }
        return PlainText.of(text, MAX_QUESTION);
    }

    private static Session open(Session session) {
        if (session.isArchived()) {
            throw new ProblemException(
                    ErrorCode.ILLEGAL_TRANSITION, "The session is archived. Restore it first, or begin another one.");
        }
        return session;
    }

    private Optional<Message> repeated(Handle tx, Requester requester, String key, String call) {
        return repeats.made(tx, requester, key, call).map(id -> messages.message(tx, id)
                .orElseThrow(() -> ProblemException.notFound("such message any more")));
    }

    private Optional<PlanAccount> account(Session session, String planId) {
        if (planId != null && !planId.isBlank()) {
            Plan plan = reader.plan(planId);
            return Optional.of(jdbi.withHandle(handle -> accounts.of(handle, plan, plan.version())));
        }
        return jdbi.withHandle(handle -> plans.newestOf(handle, session.id())
                // Others may have planned in it, as agents do; what is shown is what the person may see.
                .filter(plan -> caller.visibility().covers(plan.team(), plan.requestedBy()))
                .map(plan -> accounts.of(handle, plan, plan.version())));
    }

    private Said asked(Session session, String question, PlanAccount account) {
        List<Message> earlier = jdbi.withHandle(handle -> messages.last(handle, session.id(), EARLIER));
        Redaction redaction = account.redaction();
        Ask ask = new Ask(
                Purpose.CHAT,
                new Asker(
                        caller.team(),
                        caller.name(),
                        session.id(),
                        account.plan().id(),
                        caller.traceId()),
                ChatAnswer.PROMPT.name(),
                ChatAnswer.about(question, earlier, account),
                List.of(),
                Optional.empty(),
                account.plan().highValue());
        return switch (models.ask(ask, reply -> ChatAnswer.read(reply, redaction))) {
            case Models.Outcome.Answered<String> answered -> new Said(answered.value(), answered.model());
            case Models.Outcome.Unanswered<String> unanswered ->
                new Said(
                        StateInWords.of(account) + " (Read off the plan's state: "
                                + unanswered.reason().replaceFirst("\\.$", "") + ".)",
                        Message.EMBEDDED);
        };
    }
}
