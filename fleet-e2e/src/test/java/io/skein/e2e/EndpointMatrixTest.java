package io.skein.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.e2e.MatrixTable.Row;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The planted weak variants: a service that forgets a rule, and a table that does not know an endpoint, are noticed. */
class EndpointMatrixTest {

    private static final String PLAN =
            "[s]\nGET | /plans/{id} | /plans/{plan} | | p1 | 200+ 404 404 200+ 200+ 404 200+\n";
    private static final String LIST = "[s]\nGET | /plans | | | p1 | 200+ 200- 200- 200+ 200+ 200- 200+\n";

    private HttpServer server;

    /** What the weak service forgets. */
    private boolean asksForTokens = true;

    private boolean asksForRoles = true;
    private boolean asksForTeams = true;
    private boolean asksForOwners = true;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            Who who = token == null ? Who.NO_TOKEN : Who.valueOf(token.substring("Bearer ".length()));
            boolean list = exchange.getRequestURI().getPath().equals("/plans");
            int status = status(who, exchange.getRequestMethod());
            boolean shows = status == 200;
            byte[] body = (shows ? "{\"items\":[\"p1\"]}" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == 404 && list ? 200 : status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int status(Who who, String method) {
        if (who.isForged()) {
            return asksForTokens ? 401 : 200;
        }
        if (method.equals("POST") && asksForRoles && who != Who.APPROVER && who != Who.STRANGER) {
            return 403;
        }
        boolean seen =
                switch (who) {
                    case STRANGER -> !asksForTeams;
                    case VIEWER, OTHER -> !asksForOwners;
                    default -> true;
                };
        return seen ? 200 : 404;
    }

    private List<String> complaints(String table) {
        EndpointMatrix matrix = new EndpointMatrix(
                who -> who == Who.NO_TOKEN ? null : who.name(), (template, fresh) -> template.replace("{plan}", "p1"));
        for (Row row : MatrixTable.parse(table).rows()) {
            matrix.ask(row, "here", "http://127.0.0.1:" + server.getAddress().getPort(), Map.of());
        }
        assertEquals(
                Who.values().length * MatrixTable.parse(table).rows().size(),
                matrix.passed() + matrix.complaints().size());
        return matrix.complaints();
    }

    @Test
    void aServiceThatKeepsTheRulesIsFine() {
        assertEquals(List.of(), complaints(PLAN));
        assertEquals(List.of(), complaints(LIST));
        assertEquals(
                List.of(), complaints("[s]\nPOST | /plans/{id} | /plans/{plan} | | | 403 403 403 200 403 404 403\n"));
    }

    @Test
    void aForgottenTeamCheckIsNoticed() {
        asksForTeams = false;
        assertEquals(1, complaints(PLAN).size());
        assertTrue(complaints(PLAN).getFirst().contains("STRANGER: answered 200 instead of 404"));
        assertTrue(complaints(LIST).getFirst().contains("STRANGER: shows p1"), complaints(LIST)::toString);
    }

    @Test
    void aForgottenOwnerCheckIsNoticed() {
        asksForOwners = false;
        assertEquals(2, complaints(PLAN).size());
        assertEquals(2, complaints(LIST).size());
    }

    @Test
    void aForgottenRoleIsNoticed() {
        asksForRoles = false;
        List<String> complaints =
                complaints("[s]\nPOST | /plans/{id} | /plans/{plan} | | | 403 403 403 200 403 404 403\n");
        assertEquals(5, complaints.size(), complaints::toString);
    }

    @Test
    void anUnguardedEndpointIsNoticed() {
        asksForTokens = false;
        assertEquals(Who.FORGED.size(), complaints(PLAN).size());
    }

    @Test
    void aWrongExpectationIsNoticed() {
        List<String> complaints = complaints(PLAN.replace("200+ 404 404", "403 404 404"));
        assertEquals(1, complaints.size());
        assertTrue(complaints.getFirst().contains("OWNER: answered 200 instead of 403"), complaints::toString);
    }

    @Test
    void anEndpointNobodyListedAndOneThatIsGoneAreNoticed() {
        MatrixTable table = MatrixTable.parse(PLAN + LIST);
        var served = MatrixTable.operations("s", Fleet.json("""
                {"paths":{"/plans/{id}":{"get":{},"delete":{},"parameters":[]}}}"""));
        assertEquals(
                List.of(
                        "s DELETE /plans/{id} is served and not in the table: say who may use it",
                        "s GET /plans is in the table and no longer served"),
                table.differences(served));
    }

    @Test
    void aLineThatProvesNothingIsRefused() {
        for (String answers : List.of(
                "404 404 404 404 404 404 404",
                "200- 200 200 200 200 200 200",
                "200 200 200",
                "200 200 200 200 200 200 20x")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> MatrixTable.parse("[s]\nGET | /x | | | p1 | " + answers + "\n"),
                    answers);
        }
    }
}
