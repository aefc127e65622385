package io.skein.infra.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.infra.RepositoryFixture;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.catalogue.TestPlaybooks;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the application's JVM and class loader: the tokenizer's native library can be loaded once only. */
@QuarkusTest
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = false)
@QuarkusTestResource(value = RepositoryFixture.class, restrictToAnnotatedClass = false)
class MatchCalibrationQuarkusTest {

    private static final double THRESHOLD = 0.85;

    @Inject
    Embedder embedder;

    private Map<String, Matcher> matchers;

    @BeforeEach
    void matchers() {
        matchers = MatchData.matchers(embedder, Calibration::confidence);
    }

    @Test
    void onRequestsItWasNotFittedOnAMatchIsAlmostAlwaysRight() {
        MatchFitting.Score score = MatchFitting.score(matchers, "held", THRESHOLD);
        System.out.printf(
                "match, held-out: precision %.3f recall %.3f (%d right, %d wrong, %d missed of %d)%n",
                score.precision(), score.recall(), score.right(), score.wrong(), score.missed(), score.total());
        assertTrue(score.total() >= 110, "held-out requests: " + score.total());
        assertTrue(score.precision() >= 0.98, () -> String.join("\n", score.notes()));
        assertTrue(score.recall() >= 0.80, () -> String.join("\n", score.notes()));
    }

    @ParameterizedTest
    @CsvSource({
        "Deploy Uptime Kuma to the homelab,,uptime-kuma/deploy.yml",
        "add our existing portals to the config,Deploy Uptime Kuma to the homelab,uptime-kuma/monitors.yml",
        "add our existing portals to the config,Uptime Kuma,uptime-kuma/monitors.yml",
        "Back up /srv/photos,,backup/directory.yml",
    })
    void theMainJobIsMatched(String text, String context, String expected) {
        Matcher.Match match = matchers.get("homelab").match(text, context, THRESHOLD, 5);
        assertTrue(match.confidence() > THRESHOLD, () -> text + " " + match.confidence());
        assertEquals(expected, match.matched().path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"order a pizza", "restart the database", "deploy Grafana", "restore the directory", "."})
    void whatNoPlaybookDoesIsAQuestion(String text) {
        Matcher.Match match = matchers.get("homelab").match(text, "", THRESHOLD, 3);
        assertNull(match.matched(), () -> match.matched().path() + " " + match.confidence());
        assertEquals(3, match.candidates().size());
    }

    @ParameterizedTest
    @CsvSource({
        "grafana/deploy.yml,Deploy Grafana,deploy Grafana to the homelab",
        "gitea.yml,Install Gitea,set up Gitea",
        "nextcloud/upgrade.yml,Upgrade Nextcloud,Please upgrade Nextcloud on web01",
        "certs/renew.yml,Renew the TLS certificates,renew our TLS certificates",
        "site.yml,Write a greeting,write a greeting",
    })
    void aNewPlaybookIsFoundByItsNameAlone(String path, String name, String text) {
        List<Playbook> playbooks = new ArrayList<>(TestPlaybooks.homelab());
        playbooks.add(TestPlaybooks.plain(path, name));
        Matcher matcher = new Matcher(
                playbooks, new Targets(List.of("homelab", "the homelab", "web01")), embedder, Calibration::confidence);
        Matcher.Match match = matcher.match(text, "", THRESHOLD, 3);
        assertTrue(match.matched() != null, () -> text + " " + match.candidates());
        assertEquals(path, match.matched().path());
    }

    @Test
    void twoPlaybooksThatCouldBothBeMeantAreAQuestion() {
        List<Playbook> playbooks = List.of(
                TestPlaybooks.plain("a/gitea.yml", "Deploy Gitea"), TestPlaybooks.plain("b/gitea.yml", "Deploy Gitea"));
        Matcher.Match match = new Matcher(playbooks, new Targets(List.of()), embedder, Calibration::confidence)
                .match("deploy Gitea", "", 0.5, 5);
        assertNull(match.matched());
        assertEquals(2, match.candidates().size());
        assertEquals(
                match.candidates().get(0).confidence(),
                match.candidates().get(1).confidence(),
                Matcher.AMBIGUOUS);
    }

    @Test
    void brokenPlaybooksAndEmptyCataloguesMatchNothing() {
        Matcher none = new Matcher(List.of(), new Targets(List.of()), embedder, Calibration::confidence);
        assertNull(none.match("deploy Uptime Kuma", null, 0.1, 5).matched());
    }
}
