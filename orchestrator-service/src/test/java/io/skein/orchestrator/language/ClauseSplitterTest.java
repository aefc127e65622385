package io.skein.orchestrator.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClauseSplitterTest {

    /** Expected clauses as "stage:text". */
    static Stream<Arguments> requests() {
        return Stream.of(
                arguments(
                        "Deploy Uptime Kuma to the homelab and add our existing portals to the config",
                        "0:Deploy Uptime Kuma to the homelab",
                        "0:add our existing portals to the config"),
                arguments("Deploy Uptime Kuma", "0:Deploy Uptime Kuma"),
                arguments("Please deploy Uptime Kuma, thanks!", "0:deploy Uptime Kuma"),
                arguments("Could you please install nginx?", "0:install nginx"),
                arguments("check the nginx and redis logs", "0:check the nginx and redis logs"),
                arguments(
                        "Deploy Grafana and Prometheus to the homelab",
                        "0:Deploy Grafana and Prometheus to the homelab"),
                arguments("Restart nginx and backup servers", "0:Restart nginx and backup servers"),
                arguments("Restart nginx and back up the database", "0:Restart nginx", "0:back up the database"),
                arguments("Update packages, then restart nginx", "0:Update packages", "1:restart nginx"),
                arguments(
                        "Mow the meadow behind the house, then stack the hay bales",
                        "0:Mow the meadow behind the house",
                        "1:stack the hay bales"),
                arguments("Check the disks then", "0:Check the disks then"),
                arguments("Update packages and then restart nginx", "0:Update packages", "1:restart nginx"),
                arguments("Update packages then restart nginx", "0:Update packages", "1:restart nginx"),
                arguments("Update packages. Then restart nginx.", "0:Update packages", "1:restart nginx"),
                arguments(
                        "Deploy A-site and install b, then reboot nas01",
                        "0:Deploy A-site",
                        "0:install b",
                        "1:reboot nas01"),
                arguments(
                        "First update the packages, then restart nginx and finally check the certificates",
                        "0:update the packages",
                        "1:restart nginx",
                        "2:check the certificates"),
                arguments("1. deploy kuma\n2. add the portals\n", "0:deploy kuma", "1:add the portals"),
                arguments("Please do: 1) deploy kuma 2) add the portals", "0:deploy kuma", "1:add the portals"),
                arguments("- deploy kuma\n- rotate logs", "0:deploy kuma", "0:rotate logs"),
                arguments("deploy kuma; rotate the logs", "0:deploy kuma", "0:rotate the logs"),
                arguments("After deploying Uptime Kuma, add our portals", "0:deploy Uptime Kuma", "1:add our portals"),
                arguments("Add our portals after setting up Uptime Kuma", "0:set up Uptime Kuma", "1:Add our portals"),
                arguments(
                        "Before upgrading nextcloud, back up the database",
                        "0:back up the database",
                        "1:upgrade nextcloud"),
                arguments(
                        "Back up the database before upgrading nextcloud",
                        "0:Back up the database",
                        "1:upgrade nextcloud"),
                arguments(
                        "Upgrade nextcloud, but back up the database first",
                        "0:back up the database",
                        "1:Upgrade nextcloud"),
                arguments(
                        "Deploy kuma and once it is up and running add the portals",
                        "0:Deploy kuma",
                        "1:add the portals"),
                arguments("Stop and remove uptime kuma", "0:Stop uptime kuma", "1:remove uptime kuma"),
                arguments("stop, update and start nginx", "0:stop nginx", "1:update nginx", "2:start nginx"),
                arguments("Install nginx and restart", "0:Install nginx", "1:restart nginx"),
                arguments(
                        "Create a file called \"build and run; then stop\" on nas01",
                        "0:Create a file called \"build and run; then stop\" on nas01"),
                arguments("Restart the router's proxy and don't worry", "0:Restart the router's proxy and don't worry"),
                arguments("Install nginx version 1.2.3 on nas01", "0:Install nginx version 1.2.3 on nas01"),
                arguments("Deploy kuma, also rotate the logs", "0:Deploy kuma", "0:rotate the logs"),
                arguments("Go ahead and deploy kuma", "0:deploy kuma"),
                arguments("I'd like you to deploy kuma & restart nginx", "0:deploy kuma", "0:restart nginx"),
                arguments("Uptime Kuma for the homelab", "0:Uptime Kuma for the homelab"));
    }

    private static Arguments arguments(String request, String... clauses) {
        return Arguments.of(request, List.of(clauses));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void cutsWhereAVerbFollows(String request, List<String> expected) {
        List<String> got = ClauseSplitter.split(request).stream()
                .map(clause -> clause.stage() + ":" + clause.text())
                .toList();

        assertEquals(expected, got);
    }

    @Test
    void aSentenceThatOnlySaysHowBelongsToTheClauseBefore() {
        List<Clause> clauses =
                ClauseSplitter.split("Deploy Uptime Kuma and use port 3002. Set kuma_data to /srv/k. Restart nginx");

        assertEquals(2, clauses.size());
        assertEquals(
                List.of("use port 3002", "Set kuma_data to /srv/k"),
                clauses.get(0).modifiers());
        assertEquals(List.of(), clauses.get(1).modifiers());
    }

    @Test
    void whereIsSaidOnceForAllItems() {
        List<Clause> clauses = ClauseSplitter.split("On nas01:\n- deploy kuma\n- rotate the logs");

        assertEquals(2, clauses.size());
        clauses.forEach(clause -> assertEquals(List.of("On nas01"), clause.modifiers()));
    }

    @Test
    void seesWhatRefersBack() {
        assertTrue(refersBack("Deploy Uptime Kuma and add our portals to the config"));
        assertTrue(refersBack("Deploy Uptime Kuma and add our portals to it"));
        assertTrue(refersBack("Deploy Uptime Kuma and restart the service"));
        assertFalse(refersBack("Deploy Uptime Kuma and restart nginx"));
        assertFalse(refersBack("Deploy Uptime Kuma and print \"add it to the config\""));
        assertFalse(ClauseSplitter.split("Restart the service").getFirst().refersBack(), "nothing to refer back to");
    }

    private static boolean refersBack(String request) {
        return ClauseSplitter.split(request).getLast().refersBack();
    }

    @Test
    void namesTheAction() {
        assertEquals(
                "set up", ClauseSplitter.split("Please set up nginx").getFirst().action());
        assertEquals("add", ClauseSplitter.split("add portals").getFirst().action());
        assertEquals(null, ClauseSplitter.split("uptime kuma").getFirst().action());
    }

    @Test
    void survivesAnything() {
        for (String text :
                List.of("", "   ", ",", "and", "then then then", "\"", "1. 2. 3.", "; ; ;", "and and deploy", "🦆")) {
            ClauseSplitter.split(text);
        }
        assertEquals(1, ClauseSplitter.split("deploy " + "x and ".repeat(1300)).size());
    }
}
