package io.skein.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.e2e.MatrixTable.Expected;
import io.skein.e2e.MatrixTable.Operation;
import io.skein.e2e.MatrixTable.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * FRONT-02, REG-05: every endpoint of every service, asked by everybody, through the front door and at the service's own port,
 * against {@code endpoint-matrix.csv}. An endpoint nobody wrote into the table fails it.
 */
class EndpointMatrixIT {

    private static final String FRONT_DOOR = "dashboard-ui";
    /** Has no API; what it sends goes through the broker. */
    private static final String WITHOUT_API = "desktop-agent";

    private static final Map<Who, Expected> AT_THE_FRONT_DOOR =
            Map.of(Who.SERVICE, new Expected(403, Optional.empty()));

    private final Fleet fleet = Fleet.running();
    private final MatrixTable table = MatrixTable.parse(read("/endpoint-matrix.csv"));

    @Test
    void everyEndpointThatIsServedIsInTheTableAndNoOther() {
        assertEquals(List.of(), table.differences(documented()));
    }

    @Test
    void everybodyIsAnsweredAsTheTableSays() {
        long begun = System.nanoTime();
        Map<String, String> urls = urls();
        MatrixPeople people = new MatrixPeople(fleet);
        MatrixThings things = new MatrixThings(fleet, people);
        EndpointMatrix matrix = new EndpointMatrix(people::token, things);
        try {
            for (Row row : table.rows()) {
                String service = row.operation().service();
                boolean own = service.equals(FRONT_DOOR);
                matrix.ask(row, "at the front door", fleet.url(), own || row.open() ? Map.of() : AT_THE_FRONT_DOOR);
                if (!own) {
                    matrix.ask(row, "at " + service, urls.get(service), Map.of());
                }
            }
        } finally {
            things.clear();
        }
        System.out.printf(
                "endpoint matrix: %d endpoints of %d services, %d rows, %d cases passed, %d failed, %d s%n",
                table.operations().size(),
                urls.size(),
                table.rows().size(),
                matrix.passed(),
                matrix.complaints().size(),
                (System.nanoTime() - begun) / 1_000_000_000);
        assertEquals("", String.join("\n", matrix.complaints()));
        assertTrue(matrix.passed() > table.rows().size());
    }

    private Map<String, String> urls() {
        Map<String, String> urls = new LinkedHashMap<>();
        for (JsonNode service : fleet.status().path("services")) {
            String name = service.path("name").asText();
            if (!name.equals(WITHOUT_API)) {
                urls.put(name, service.path("url").asText());
            }
        }
        return urls;
    }

    private Set<Operation> documented() {
        Set<Operation> all = new LinkedHashSet<>();
        for (String service : urls().keySet()) {
            String path = service.equals(FRONT_DOOR) ? "/q/openapi?format=json" : "/docs/openapi/" + service;
            Fleet.Answer answer = fleet.send("GET", path, null, null);
            assertEquals(200, answer.status(), path);
            all.addAll(MatrixTable.operations(service, answer.body()));
        }
        return all;
    }

    private static String read(String resource) {
        try (InputStream in = EndpointMatrixIT.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
