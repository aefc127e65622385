package io.skein.e2e.plans;

import io.skein.e2e.Fleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Mistakes the orchestrator might have, planted from outside: in a copy of its program some of whose SQL was written over, or as a
 * trigger of its outbox. The program has no switch that makes it wrong.
 */
enum PlantedBug {
    /** A transition is not told. */
    EVENT_LOST("lacks .*type=plan.started") {
        @Override
        AutoCloseable plant(Fleet fleet, OrchestratorReplicas replicas) throws Exception {
            return trigger(fleet, "BEFORE", """
                    IF NEW.routing_key LIKE '%.plan.started' THEN RETURN NULL; END IF;
                    RETURN NEW;\
                    """);
        }
    },

    /** A transition is told once more, as if it were another. */
    EVENT_TWICE("more than the database of") {
        @Override
        AutoCloseable plant(Fleet fleet, OrchestratorReplicas replicas) throws Exception {
            return trigger(fleet, "AFTER", again("'%.step.completed'", "NEW.message_id"));
        }
    },

    /** An order is given once more under another request id, so that the agent cannot know. */
    ORDER_TWICE("which is no step") {
        @Override
        AutoCloseable plant(Fleet fleet, OrchestratorReplicas replicas) throws Exception {
            return trigger(
                    fleet, "AFTER", again("'request.%'", "convert_from(NEW.body, 'UTF8')::jsonb ->> 'request_id'"));
        }
    },

    /**
     * Who looks at a plan neither asks whether another does nor keeps it from changing meanwhile. That a step began is told slowly, so
     * that the processes meet on a fast machine, too. The last one: plans it ruined never end, and keep their hosts.
     */
    PLANS_NOT_CLAIMED("is recorded as \\[dispatched, (dispatched|running, running)") {
        @Override
        AutoCloseable plant(Fleet fleet, OrchestratorReplicas replicas) throws Exception {
            Path right = replicas.program();
            Path wrong = copy(right);
            overwrite(
                    wrong,
                    "io/skein/orchestrator/plan/PlanRepository.class",
                    Map.of(
                            "FROM plan WHERE id = :id FOR UPDATE", "FROM plan WHERE id = :id           ",
                            "= ANY(:ids) ORDER BY id FOR UPDATE", "= ANY(:ids) ORDER BY id           ",
                            "claimed_until <= :now", "attend_at     <= :now"));
            AutoCloseable slowly = trigger(fleet, "BEFORE", """
                    IF NEW.routing_key LIKE '%.step.started' THEN PERFORM pg_sleep(0.3); END IF;
                    RETURN NEW;\
                    """);
            replicas.run(wrong);
            return () -> {
                try (slowly) {
                    replicas.run(right);
                    delete(wrong);
                }
            };
        }
    };

    private final Pattern found;

    PlantedBug(String found) {
        this.found = Pattern.compile(found);
    }

    /** Whether this sentence of the checker's is about it. */
    boolean isIn(String violation) {
        return found.matcher(violation).find();
    }

    @Override
    public String toString() {
        return name() + " (" + found + ")";
    }

    /** Plants it; closing what is returned takes it out again. */
    abstract AutoCloseable plant(Fleet fleet, OrchestratorReplicas replicas) throws Exception;

    private static String again(String keys, String id) {
        return """
                IF pg_trigger_depth() = 1 AND NEW.routing_key LIKE %s THEN
                    INSERT INTO outbox (message_id, exchange, routing_key, content_type, body)
                    SELECT other, NEW.exchange, NEW.routing_key, NEW.content_type,
                        convert_to(replace(replace(convert_from(NEW.body, 'UTF8'), (%s)::text, other::text),
                            NEW.message_id::text, other::text), 'UTF8')
                    FROM gen_random_uuid() AS other;
                END IF;
                RETURN NEW;\
                """.formatted(keys, id);
    }

    private static AutoCloseable trigger(Fleet fleet, String when, String body) throws SQLException {
        PlanDatabase database = new PlanDatabase(fleet);
        database.execute("CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$");
        database.execute(
                "CREATE TRIGGER planted " + when + " INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION planted()");
        return () -> {
            try (database) {
                database.execute("DROP FUNCTION planted() CASCADE");
            }
        };
    }

    private static Path copy(Path program) throws IOException {
        Path copy = Files.createTempDirectory("skein-planted");
        try (Stream<Path> files = Files.walk(program)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(file, copy.resolve(program.relativize(file).toString()));
            }
        }
        return copy;
    }

    /** Writes other texts over those a class has, of the same length, so that it stays a class. */
    private static void overwrite(Path program, String name, Map<String, String> texts) throws IOException {
        Set<String> found = new HashSet<>();
        for (Path jar : jars(program)) {
            try (FileSystem inside = FileSystems.newFileSystem(jar)) {
                Path file = inside.getPath(name);
                if (!Files.exists(file)) {
                    continue;
                }
                String code = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    if (code.contains(text.getKey())) {
                        found.add(text.getKey());
                        code = code.replace(text.getKey(), text.getValue());
                    }
                }
                Files.writeString(file, code, StandardCharsets.ISO_8859_1);
            }
        }
        if (!found.equals(texts.keySet())) {
            throw new IllegalStateException(name + " does not say " + texts.keySet() + " any more");
        }
    }

    private static List<Path> jars(Path program) throws IOException {
        try (Stream<Path> app = Files.list(program.resolve("app"));
                Stream<Path> quarkus = Files.list(program.resolve("quarkus"))) {
            return Stream.concat(app, quarkus)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
