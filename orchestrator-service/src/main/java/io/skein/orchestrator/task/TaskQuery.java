package io.skein.orchestrator.task;

import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a list of tasks is asked for.
 *
 * @param status any of these; empty: every one
 * @param parentId the parts of this task; null: tasks that are part of none
 * @param atCheckpoint only what waits at a checkpoint
 */
record TaskQuery(
        List<TaskStatus> status,
        List<TaskPriority> priority,
        String kind,
        String agent,
        UUID planId,
        UUID sessionId,
        UUID parentId,
        String words,
        boolean atCheckpoint,
        Sort sort,
        boolean descending,
        Cursor after,
        int size) {

    private static final int MAX_WORDS = 200;

    /** What a list may be sorted by; the id decides between equals, so no two tasks are in the same place. */
    enum Sort {
        CREATED("v.id", "uuid", task -> task.id().toString()),
        UPDATED("v.updated_at", "timestamptz", task -> task.updatedAt().toString()),
        PRIORITY(
                "array_position(ARRAY['low','medium','high','urgent'], v.priority)",
                "int",
                task -> String.valueOf(task.priority().ordinal() + 1)),
        TITLE("v.title COLLATE \"C\"", "text", Task::title);

        final String key;
        final String type;
        private final Function<Task, String> value;

        Sort(String key, String type, Function<Task, String> value) {
            this.key = key;
            this.type = type;
            this.value = value;
        }

        private static Optional<Sort> named(String name) {
            return Arrays.stream(values())
                    .filter(sort -> sort.name().equalsIgnoreCase(name))
                    .findFirst();
        }
    }

    /** The place of a task in a list that is sorted in one way. */
    record Cursor(String value, UUID id) {}

    static TaskQuery of(
            Integer size,
            String after,
            String status,
            String priority,
            String kind,
            String agent,
            String planId,
            String sessionId,
            String parentId,
            String words,
            Boolean atCheckpoint,
            String sort) {
        String order = sort == null || sort.isBlank() ? "-created" : sort.strip();
        boolean descending = order.startsWith("-");
        Sort by = Sort.named(descending ? order.substring(1) : order)
                .orElseThrow(() -> ProblemException.invalid(
                        "sort",
                        "must be created, updated, priority or title, with - in front for the other way round"));
        return new TaskQuery(
                list("status", status, TaskStatus::fromWire),
                list("priority", priority, TaskPriority::fromWire),
                kind(kind),
                TaskInput.agent(blankToNull(agent)),
                TaskInput.id("planId", planId),
                TaskInput.id("sessionId", sessionId),
                TaskInput.id("parentId", parentId),
                words(words),
                Boolean.TRUE.equals(atCheckpoint),
                by,
                descending,
                cursor(after, by, descending),
                Page.size(size));
    }

    /** How the place of a task in this list is written into {@code next}. */
    String cursorOf(Task task) {
        String text = (descending ? "-" : "+") + sort.name() + "\n" + task.id() + "\n" + sort.value.apply(task);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Cursor cursor(String after, Sort sort, boolean descending) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8).split("\n", 3);
            if (parts.length == 3 && parts[0].equals((descending ? "-" : "+") + sort.name())) {
                return new Cursor(checked(sort, parts[2]), UUID.fromString(parts[1]));
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            // Said below.
        }
        throw ProblemException.invalid("after", "is not a cursor this list, sorted like this, gave out");
    }

    /** A cursor may have been made up; nothing in it may become an error of the database. */
    private static String checked(Sort sort, String value) {
        switch (sort) {
            case CREATED -> UUID.fromString(value);
            case UPDATED -> Instant.parse(value);
            case PRIORITY -> Integer.parseInt(value);
            case TITLE -> {
                if (value.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("no text");
                }
            }
        }
        return value;
    }

    private static <T> List<T> list(String field, String value, Function<String, Optional<T>> read) {
        if (value == null || value.isBlank()) {
            return List.of();
        }
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .map(one -> read.apply(one)
                        .orElseThrow(() -> ProblemException.invalid(field, "there is no " + field + " " + one)))
                .toList();
    }

    private static String kind(String kind) {
        String wanted = blankToNull(kind);
        if (wanted != null && !wanted.equals("own") && !wanted.equals("plan")) {
            throw ProblemException.invalid("kind", "must be own or plan");
        }
        return wanted;
    }

    private static String words(String words) {
        String wanted = blankToNull(words);
        return wanted == null ? null : TaskInput.text("q", wanted, MAX_WORDS);
    }

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
