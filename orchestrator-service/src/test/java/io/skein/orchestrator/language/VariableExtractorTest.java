package io.skein.orchestrator.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableExtractorTest {

    private static final List<Variable> KUMA = List.of(
            new Variable("kuma_port", "int"),
            new Variable("kuma_version", "str"),
            new Variable("kuma_data_dir", "str"),
            new Variable("admin_email", null),
            new Variable("kuma_expose", "bool"),
            new Variable("site_name", null));

    @ParameterizedTest
    @CsvSource({
        "Deploy Uptime Kuma on port 3002, kuma_port, 3002, port 3002",
        "Deploy Uptime Kuma with kuma_port=3002, kuma_port, 3002, kuma_port=3002",
        "Set kuma_port to 3002, kuma_port, 3002, kuma_port to 3002",
        "the kuma port should be 3002., kuma_port, 3002, kuma port should be 3002",
        "use port 3002, kuma_port, 3002, port 3002",
        "port: 3002, kuma_port, 3002, port: 3002",
        "Deploy kuma version 2.0.2 please, kuma_version, '\"2.0.2\"', kuma version 2.0.2",
        "Deploy kuma version 2.0.2., kuma_version, '\"2.0.2\"', kuma version 2.0.2",
        "with data dir /srv/kuma, kuma_data_dir, '\"/srv/kuma\"', data dir /srv/kuma",
        "and tell ada@example.org, admin_email, '\"ada@example.org\"', ada@example.org",
        "kuma_expose yes, kuma_expose, true, kuma_expose yes",
        "a page called 'My status', site_name, '\"My status\"', called 'My status'",
    })
    void readsAValueAndTheWordsThatGaveIt(String text, String variable, String json, String quote) {
        Map<String, Assignment> found = VariableExtractor.read(text, KUMA).assignments();

        assertEquals(Set.of(variable), found.keySet());
        assertEquals(json, found.get(variable).value().toString());
        assertEquals(quote, found.get(variable).quote());
    }

    @ParameterizedTest
    @CsvSource({
        "Deploy Uptime Kuma to the homelab",
        "open the port soon",
        "check the version of kuma",
        "transport 3002 boxes",
        "deploy kuma on port soon",
        "Add our existing portals to the config"
    })
    void readsNothingWhereNothingIsGiven(String text) {
        assertTrue(VariableExtractor.read(text, KUMA).assignments().isEmpty());
    }

    @Test
    void aThingThatHasTheNameOfAVariableIsNotGivenAValueByWhereItGoes() {
        assertTrue(
                VariableExtractor.read("add our existing portals to the config", List.of(new Variable("portals", null)))
                        .assignments()
                        .isEmpty());
    }

    @Test
    void aShortNameThatTwoVariablesShareIsUnclear() {
        List<Variable> two = List.of(new Variable("http_port", "int"), new Variable("ssh_port", "int"));

        assertEquals(
                Map.of("port", List.of("http_port", "ssh_port")),
                VariableExtractor.read("use port 80", two).unclear());
        VariableExtractor.Reading clear = VariableExtractor.read("use http port 80 and ssh port 22", two);
        assertTrue(clear.unclear().isEmpty());
        assertEquals(
                Map.of("http_port", "80", "ssh_port", "22"),
                clear.assignments().values().stream().collect(Collectors.toMap(Assignment::variable, a -> a.value()
                        .toString())));
    }

    @Test
    void takesListsAndQuotedText() {
        List<Variable> variables = List.of(new Variable("portals", "list"), new Variable("motd", null));

        Map<String, Assignment> found = VariableExtractor.read(
                        "portals=\"a, b and c\" motd=\"no = sign; then\"", variables)
                .assignments();

        assertEquals("[\"a\",\"b\",\"c\"]", found.get("portals").value().toString());
        assertEquals("\"no = sign; then\"", found.get("motd").value().toString());
    }

    @Test
    void takesValuesOutOfTheWordsToMatch() {
        assertEquals("Deploy Uptime Kuma", VariableExtractor.withoutValues("Deploy Uptime Kuma on port 3002"));
        assertEquals(
                "Deploy Uptime Kuma",
                VariableExtractor.withoutValues("Deploy Uptime Kuma with kuma_port=3002 and x=\"a b\""));
        assertEquals("Deploy Uptime Kuma", VariableExtractor.withoutValues("Deploy Uptime Kuma, version 2.0.2"));
        assertEquals("open the port", VariableExtractor.withoutValues("open the port"));
    }

    @Test
    void aPathGoesWhereAPathIsNeeded() {
        List<Variable> backup = List.of(
                new Variable("backup_source", "string", true),
                new Variable("backup_dest", "string", true),
                new Variable("backup_dir", "string", false));

        assertEquals(
                Map.of("backup_source", "/srv/data", "backup_dest", "/mnt/b.d"),
                VariableExtractor.read("Back up /srv/data to /mnt/b.d.", backup).assignments().values().stream()
                        .collect(Collectors.toMap(
                                Assignment::variable, a -> a.value().asText())));
        assertTrue(VariableExtractor.read("Back up /srv/data and /srv/b", backup)
                .assignments()
                .isEmpty());
    }

    @Test
    void listsExplicitNames() {
        assertEquals(
                Set.of("kuma_port", "x"),
                Set.copyOf(VariableExtractor.namedExplicitly("kuma_port=1 x = 2 \"y=3\" http://h/?q=1")));
    }
}
