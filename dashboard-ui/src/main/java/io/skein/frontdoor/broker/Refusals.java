package io.skein.frontdoor.broker;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.frontdoor.apitokens.ApiToken;
import io.skein.platform.http.Trace;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Writes down who tried to say at the broker what they may not. An agent in a loop is written down a few times a minute, with
 * how often it tried in between: the audit trail must tell of it, not drown in it.
 */
@ApplicationScoped
class Refusals {

    private static final Logger LOG = Logger.getLogger(Refusals.class);

    private final RefusalBudget budget;

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    Trace trace;

    private final Clock clock;

    @Inject
    Refusals(Clock clock) {
        this.clock = clock;
        this.budget = new RefusalBudget(clock);
    }

    void record(ApiToken token, BrokerIdentity sender, String exchange, String routingKey, String reason) {
        RefusalBudget.Verdict verdict = budget.spend(sender.userName());
        if (!verdict.toBeRecorded()) {
            return;
        }
        // Both are names at the broker: what a sender put into a routing key must not begin a line of its own here.
        LOG.warnf(
                "refused at the broker: %s publishing to %s with %s (%s; %d more since the last line about it)",
                sender.userName(), printable(exchange), printable(routingKey), reason, verdict.unrecorded());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sender", sender.userName());
        data.put("claimed", routingKey);
        data.put("exchange", exchange);
        data.put("routingKey", routingKey);
        data.put("reason", reason);
        data.put("token", token.id());
        if (verdict.unrecorded() > 0) {
            data.put("untold", verdict.unrecorded());
        }
        try {
            jdbi.useTransaction(tx -> outbox.event(
                    tx,
                    SkeinEvent.of(EventTypes.MESSAGE_REFUSED)
                            .source("/dashboard-ui")
                            .subject(sender.userName())
                            .time(clock.instant())
                            .priority(Priority.HIGH)
                            .team(token.owner().team())
                            .actor("service:dashboard-ui")
                            .traceId(trace.id())
                            .data(data)
                            .build()));
        } catch (RuntimeException e) {
            // The answer to the broker is "deny" all the same.
            LOG.errorf("a refusal of %s could not be written down: %s", sender.userName(), e.getMessage());
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
