package io.skein.orchestrator.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetFinderTest {

    private final TargetFinder finder = new TargetFinder(List.of(
            new Place("homelab", "homelab", Set.of("nas01", "web-1"), Place.Kind.INVENTORY),
            new Place("the homelab", "homelab", Set.of("nas01", "web-1"), Place.Kind.INVENTORY),
            new Place("web", "homelab", Set.of("web-1"), Place.Kind.GROUP),
            new Place("nas01", "homelab", Set.of("nas01"), Place.Kind.HOST),
            new Place("web-1", "homelab", Set.of("web-1"), Place.Kind.HOST),
            new Place("staging", "staging", Set.of("s1"), Place.Kind.INVENTORY)));

    @ParameterizedTest
    @CsvSource({
        "Deploy Uptime Kuma to the homelab, homelab, the homelab, Deploy Uptime Kuma",
        "Deploy Uptime Kuma to homelab, homelab, homelab, Deploy Uptime Kuma",
        "Deploy Uptime Kuma on nas01 with port 3002, nas01, nas01, Deploy Uptime Kuma with port 3002",
        "restart nas01, nas01, nas01, restart",
        "restart nginx on the web servers, web, the web servers, restart nginx",
        "restart nginx on WEB 1, web-1, WEB 1, restart nginx",
        "deploy kuma in staging, staging, staging, deploy kuma"
    })
    void findsKnownPlaces(String clause, String place, String quote, String rest) {
        Target target = finder.find(clause);

        assertEquals(place, target.places().getFirst().name().replace("the ", ""));
        assertEquals(1, target.places().size());
        assertEquals(quote, target.quote());
        assertEquals(rest, target.rest());
        assertTrue(target.unknown().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "deploy the homelab dashboard",
        "deploy the web dashboard",
        "add our existing portals to the config",
        "'print \"on nas01\"'",
        "deploy nas01.example.org"
    })
    void doesNotTakeEveryMentionForAPlace(String clause) {
        assertTrue(finder.find(clause).places().isEmpty());
        assertNull(finder.find(clause).quote());
    }

    @Test
    void severalHosts() {
        Target target = finder.find("restart nginx on nas01 and web-1");

        assertEquals(
                List.of("nas01", "web-1"),
                target.places().stream().map(Place::name).toList());
        assertEquals("restart nginx", target.rest());
    }

    @ParameterizedTest
    @CsvSource({
        "deploy, Deploy Uptime Kuma to production, true",
        "deploy, Deploy Uptime Kuma on nas99, true",
        "restart, restart nginx on the load balancer, true",
        "deploy, Deploy Uptime Kuma in the moonbase with port 3002, true",
        "add, add our existing portals to the config, false",
        "add, add our portals to the status page, false",
        "deploy, deploy kuma on port 3002, false",
        "create, create a backup on friday, false",
        "deploy, deploy kuma in docker, false",
        "upgrade, upgrade kuma to 2.0.2, false",
        "upgrade, upgrade kuma to version 2.0.2, false"
    })
    void tellsAnUnknownPlaceFromAThing(String action, String clause, boolean expected) {
        Target target = finder.find(clause);

        assertEquals(
                expected,
                target.unknown().stream()
                        .anyMatch(unknown -> TargetFinder.looksLikePlace(action, unknown, Set.of("status", "page"))),
                target.toString());
    }

    @Test
    void wordsOfThePlaybookAreNoPlace() {
        Target.Unknown unknown = new Target.Unknown("on", "portal page");

        assertTrue(TargetFinder.looksLikePlace("check", unknown, Set.of("page")));
        assertFalse(TargetFinder.looksLikePlace("check", unknown, Set.of("portal", "page")));
    }
}
