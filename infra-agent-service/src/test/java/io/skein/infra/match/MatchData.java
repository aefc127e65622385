package io.skein.infra.match;

import io.skein.infra.catalogue.Playbook;
import io.skein.infra.catalogue.TestPlaybooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The labelled requests and the two catalogues they are about. */
final class MatchData {

    private static final List<String> NAMES = List.of(
            "homelab",
            "the homelab",
            "the home lab",
            "my lab",
            "nas01",
            "web01",
            "pi01",
            "monitoring",
            "storage",
            "web",
            "edge");

    private MatchData() {}

    record Request(String split, String catalogue, String text, String context, String expected) {
        boolean none() {
            return expected.equals("-");
        }
    }

    static List<Request> requests(String split) {
        return lines("match/requests.tsv")
                .map(line -> line.split("\t", -1))
                .map(f -> new Request(f[0], f[1], f[2], f[3], f[4]))
                .filter(r -> r.split().equals(split))
                .toList();
    }

    static Map<String, Matcher> matchers(Embedder embedder, ToDoubleFunction<double[]> confidence) {
        List<Playbook> office = lines("match/office.tsv")
                .map(line -> line.split("\t", -1))
                .map(f -> TestPlaybooks.plain(f[0], f[1]))
                .toList();
        Targets targets = new Targets(NAMES);
        return Map.of(
                "homelab", new Matcher(TestPlaybooks.homelab(), targets, embedder, confidence),
                "office", new Matcher(office, targets, embedder, confidence));
    }

    private static Stream<String> lines(String resource) {
        try (var in = MatchData.class.getClassLoader().getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
