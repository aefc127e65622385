package io.skein.infra.match;

import io.skein.infra.catalogue.Playbook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Matches requests to the playbooks of one state of the catalogue. */
final class Matcher {

    /** Two playbooks this close to each other are a question for a person, not an answer. */
    static final double AMBIGUOUS = 0.06;

    private final Features features;
    private final Targets targets;
    private final ToDoubleFunction<double[]> confidence;

    Matcher(Collection<Playbook> playbooks, Targets targets, Embedder embedder, ToDoubleFunction<double[]> confidence) {
        this.features = new Features(
                playbooks.stream().filter(p -> !p.isBroken()).map(Profile::of).toList(), embedder);
        this.targets = targets;
        this.confidence = confidence;
    }

    /** A playbook and how sure it is that it is meant. */
    record Candidate(Playbook playbook, double confidence) {}

    /**
     * @param matched the playbook that is meant; null when none is, or more than one could be
     * @param candidates the best ones, best first
     */
    record Match(Playbook matched, double confidence, List<Candidate> candidates) {}

    void warm() {
        features.warm();
    }

    Features features() {
        return features;
    }

    Targets targets() {
        return targets;
    }

    Match match(String text, String context, double threshold, int limit) {
        if (features.profiles().isEmpty()) {
            return new Match(null, 0, List.of());
        }
        double[][] rows = features.of(targets.strip(text), context == null ? "" : targets.strip(context));
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            candidates.add(new Candidate(features.profiles().get(i).playbook(), confidence.applyAsDouble(rows[i])));
        }
        candidates.sort(
                Comparator.comparingDouble(Candidate::confidence).reversed().thenComparing(c -> c.playbook()
                        .path()));
        Candidate best = candidates.getFirst();
        boolean sure = best.confidence() >= threshold;
        boolean alone = candidates.size() == 1
                || candidates.get(1).confidence() < threshold
                || best.confidence() - candidates.get(1).confidence() > AMBIGUOUS;
        return new Match(
                sure && alone ? best.playbook() : null,
                best.confidence(),
                List.copyOf(candidates.subList(0, Math.min(limit, candidates.size()))));
    }
}
