package io.skein.runtime.schedule;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Schedules and what became of their due times. */
@ApplicationScoped
class ScheduleRepository {

    /** One due time that was decided about. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Firing(Instant dueAt, Instant decidedAt, String outcome, UUID eventId) {}

    /** How many the team has; nobody else counts or adds for it until this transaction is over. */
    int countForAdding(Handle tx, String team) {
        tx.execute("SELECT pg_advisory_xact_lock(hashtext('schedule'), hashtext(?))", team);
        return tx.createQuery("SELECT count(*) FROM schedule WHERE team = :team")
                .bind("team", team)
                .mapTo(Integer.class)
                .one();
    }

    void insert(Handle tx, Schedule schedule) {
        bound(tx.createUpdate("""
                        INSERT INTO schedule (id, team, name, cron, zone, at, missed, event_type, subject, priority, data, state,
                                              next_at, created_by, changed_by, created_at, changed_at, version)
                        VALUES (:id, :team, :name, :cron, :zone, :at, :missed, :type, :subject, :priority, :data, :state,
                                :next, :createdBy, :changedBy, :createdAt, :changedAt, :version)"""), schedule)
                .bind("createdBy", schedule.createdBy())
                .bind("createdAt", utc(schedule.createdAt()))
                .execute();
    }

    void update(Handle tx, Schedule schedule) {
        bound(tx.createUpdate("""
                        UPDATE schedule SET name = :name, cron = :cron, zone = :zone, at = :at, missed = :missed,
                          event_type = :type, subject = :subject, priority = :priority, data = :data, state = :state,
                          next_at = :next, changed_by = :changedBy, changed_at = :changedAt, version = :version
                        WHERE id = :id AND team = :team"""), schedule).execute();
    }

    void delete(Handle tx, UUID id) {
        tx.createUpdate("DELETE FROM schedule WHERE id = :id").bind("id", id).execute();
    }

    Optional<Schedule> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM schedule WHERE id = :id")
                .bind("id", id)
                .map((row, ctx) -> schedule(row))
                .findOne();
    }

    /** The same, and nobody changes or fires it until this transaction is over. */
    Optional<Schedule> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT * FROM schedule WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .map((row, ctx) -> schedule(row))
                .findOne();
    }

    /** Newest first. */
    List<Schedule> list(Handle handle, Visibility visibility, UUID after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM schedule WHERE (CAST(:team AS text) IS NULL OR team = :team)
                        AND (CAST(:after AS uuid) IS NULL OR id < CAST(:after AS uuid)) ORDER BY id DESC LIMIT :limit""")
                .bind("team", visibility.team())
                .bindByType("after", after, UUID.class)
                .bind("limit", limit)
                .map((row, ctx) -> schedule(row))
                .list();
    }

    /**
     * The one that has waited longest of those that are due and that no other replica is firing.
     *
     * @param except to be left alone for now
     */
    Optional<Schedule> claimDue(Handle tx, Instant now, Collection<UUID> except) {
        return tx.createQuery("""
                        SELECT * FROM schedule WHERE next_at <= :now AND NOT (id = ANY(:except))
                        ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED""")
                .bind("now", utc(now))
                .bindArray("except", UUID.class, except)
                .map((row, ctx) -> schedule(row))
                .findOne();
    }

    /** False when that due time was decided about before. */
    boolean decide(Handle tx, UUID schedule, Instant due, Instant now, UUID event) {
        return tx.createUpdate("""
                        INSERT INTO schedule_firing (schedule_id, due_at, decided_at, outcome, event_id)
                        VALUES (:schedule, :due, :now, :outcome, :event) ON CONFLICT DO NOTHING""")
                        .bind("schedule", schedule)
                        .bind("due", utc(due))
                        .bind("now", utc(now))
                        .bind("outcome", event == null ? "missed" : "fired")
                        .bindByType("event", event, UUID.class)
                        .execute()
                == 1;
    }

    /** Nobody changed it: only its time moved on. */
    void advance(Handle tx, UUID id, Schedule.State state, Instant next) {
        tx.createUpdate("UPDATE schedule SET state = :state, next_at = :next WHERE id = :id")
                .bind("state", state.wire())
                .bindByType("next", utc(next), OffsetDateTime.class)
                .bind("id", id)
                .execute();
    }

    /** The latest due time first. */
    List<Firing> firings(Handle handle, UUID schedule, Instant before, int limit) {
        return handle.createQuery("""
                        SELECT * FROM schedule_firing WHERE schedule_id = :schedule
                        AND (CAST(:before AS timestamptz) IS NULL OR due_at < CAST(:before AS timestamptz)) ORDER BY due_at DESC LIMIT :limit""")
                .bind("schedule", schedule)
                .bindByType("before", utc(before), OffsetDateTime.class)
                .bind("limit", limit)
                .map((row, ctx) -> new Firing(
                        instant(row, "due_at"),
                        instant(row, "decided_at"),
                        row.getString("outcome"),
                        row.getObject("event_id", UUID.class)))
                .list();
    }

    int forgetFirings(Handle tx, Instant before) {
        return tx.createUpdate("DELETE FROM schedule_firing WHERE decided_at < :before")
                .bind("before", utc(before))
                .execute();
    }

    private static <T extends SqlStatement<T>> T bound(T statement, Schedule schedule) {
        return statement
                .bind("id", schedule.id())
                .bind("team", schedule.team())
                .bind("name", schedule.name())
                .bind("cron", schedule.cron())
                .bind("zone", schedule.timeZone())
                .bindByType("at", utc(schedule.at()), OffsetDateTime.class)
                .bind("missed", schedule.missed().wire())
                .bind("type", schedule.type())
                .bind("subject", schedule.subject())
                .bind("priority", schedule.priority().wire())
                .bind("data", jsonb(schedule.data()))
                .bind("state", schedule.state().wire())
                .bindByType("next", utc(schedule.nextAt()), OffsetDateTime.class)
                .bind("changedBy", schedule.changedBy())
                .bind("changedAt", utc(schedule.changedAt()))
                .bind("version", schedule.version());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        return new Schedule(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("name"),
                row.getString("cron"),
                row.getString("zone"),
                instant(row, "at"),
                Missed.fromWire(row.getString("missed")),
                row.getString("event_type"),
                row.getString("subject"),
                Priority.fromWire(row.getString("priority")),
                JsonColumn.read(row, "data", JsonNode.class),
                Schedule.State.fromWire(row.getString("state")),
                instant(row, "next_at"),
                row.getString("created_by"),
                row.getString("changed_by"),
                instant(row, "created_at"),
                instant(row, "changed_at"),
                row.getLong("version"));
    }
}
