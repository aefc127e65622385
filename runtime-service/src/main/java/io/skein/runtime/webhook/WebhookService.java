package io.skein.runtime.webhook;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.GivenKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What people do with webhooks. */
@ApplicationScoped
class WebhookService {

    /** Who asks. */
    record Person(String team, String actor, String traceId) {}

    /** A webhook, and the secret that is told this once; null when it is not. */
    record Told(Webhook webhook, String secret) {}

    @Inject
    WebhookRepository webhooks;

    @Inject
    WebhookSecrets secrets;

    @Inject
    WebhookEvents events;

    @Inject
    WebhookConfig config;

    @Inject
    GivenKeys keys;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    Page<Webhook> page(Visibility visibility, UUID after, int size) {
        return Page.of(
                jdbi.withHandle(handle -> webhooks.list(handle, visibility, after, size + 1)),
                size,
                webhook -> webhook.id().toString());
    }

    Webhook find(Visibility visibility, UUID id) {
        return visible(jdbi.withHandle(handle -> webhooks.find(handle, id)), visibility);
    }

    /** @param key the person's Idempotency-Key, or null */
    Told create(Person person, String key, WebhookRequest request) {
        Webhook webhook = request.checked().webhook(Ids.next(), person.team(), person.actor(), now());
        String secret = secrets.random();
        byte[] sealed = secrets.seal(webhook.id(), secret);
        return jdbi.inTransaction(tx -> {
            Optional<UUID> earlier =
                    keys.earlier(tx, person.team(), person.actor(), key, "/webhooks", request, webhook.id());
            if (earlier.isPresent()) {
                return again(tx, earlier.get());
            }
            if (webhooks.countForAdding(tx, person.team()) >= config.perTeam()) {
                throw new ProblemException(ErrorCode.TEAM_LIMIT, "A team may have " + config.perTeam() + " webhooks.");
            }
            webhooks.insert(tx, webhook, sealed);
            events.created(tx, webhook, person.traceId());
            return new Told(webhook, secret);
        });
    }

    /** To who made it and lost the answer; a secret that was changed since is not told again. */
    private Told again(Handle tx, UUID id) {
        WebhookRepository.Door door = webhooks.door(tx, id, now()).orElseThrow(GivenKeys::gone);
        boolean asItWas = door.webhook().version() == 1;
        return new Told(
                door.webhook(),
                asItWas ? new String(secrets.open(id, door.sealed().getFirst()), StandardCharsets.UTF_8) : null);
    }

    Webhook replace(Person person, UUID id, Optional<Long> version, WebhookRequest request) {
        request.checked();
        return jdbi.inTransaction(tx -> {
            Webhook before = locked(tx, person, id, version);
            if (request.format() != before.format()) {
                throw ProblemException.invalid("format", "cannot be changed; make another webhook");
            }
            Webhook after = before.changed(request, person.actor(), now());
            webhooks.update(tx, after);
            events.changed(tx, after, "replaced", person.traceId());
            return after;
        });
    }

    /**
     * Gives it another secret.
     *
     * @param overlap how long the one before it stays good; zero: not at all
     */
    Told rotate(Person person, UUID id, Duration overlap) {
        String secret = secrets.random();
        byte[] sealed = secrets.seal(id, secret);
        Webhook webhook = jdbi.inTransaction(tx -> {
            Webhook before = locked(tx, person, id, Optional.empty());
            Instant now = now();
            Webhook after = before.withNewSecret(overlap.isZero() ? null : now.plus(overlap), person.actor(), now);
            webhooks.replaceSecret(tx, after, sealed);
            events.changed(tx, after, "secret", person.traceId());
            return after;
        });
        return new Told(webhook, secret);
    }

    void delete(Person person, UUID id) {
        jdbi.useTransaction(tx -> {
            Webhook webhook = locked(tx, person, id, Optional.empty());
            webhooks.delete(tx, id);
            events.deleted(tx, webhook, now(), person.actor(), person.traceId());
        });
    }

    private Webhook locked(Handle tx, Person person, UUID id, Optional<Long> version) {
        Webhook webhook = visible(webhooks.lock(tx, id), Visibility.ofTeam(person.team()));
        if (version.isPresent() && version.get() != webhook.version()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED, "The webhook changed since the version you have.");
        }
        return webhook;
    }

    private static Webhook visible(Optional<Webhook> webhook, Visibility visibility) {
        return webhook.filter(found -> visibility.covers(found.team(), null))
                .orElseThrow(() -> ProblemException.notFound("webhook"));
    }

    /** As precise as the schema keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
