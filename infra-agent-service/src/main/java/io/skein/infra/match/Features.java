package io.skein.infra.match;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Figures that say how well a request fits a playbook, among the others of the catalogue. */
final class Features {

    static final List<String> NAMES = List.of(
            "similarity", "margin", "coverage", "overlap", "foreign", "sameAct", "otherAct", "service", "otherService");

    private final List<Profile> profiles;
    private final Embedder embedder;
    private final Map<String, Double> weight = new HashMap<>();
    private final double unknownWeight;

    Features(Collection<Profile> profiles, Embedder embedder) {
        this.profiles = List.copyOf(profiles);
        this.embedder = embedder;
        Map<String, Integer> count = new HashMap<>();
        for (Profile profile : this.profiles) {
            profile.vocabulary().forEach(stem -> count.merge(stem, 1, Integer::sum));
        }
        // Not the size of this catalogue: a word must weigh the same in a small and in a large one.
        count.forEach((stem, n) -> weight.put(stem, 1.0 / Math.sqrt(n)));
        unknownWeight = 1.0;
    }

    /** Precomputes what does not depend on the request. */
    void warm() {
        profiles.forEach(profile -> profile.texts().forEach(embedder::embed));
    }

    List<Profile> profiles() {
        return profiles;
    }

    /**
     * One row of {@link #NAMES} per profile.
     *
     * @param text the request without places and values
     * @param context what was said before, or empty
     */
    double[][] of(String text, String context) {
        Set<String> stems = new java.util.LinkedHashSet<>(Words.stems(text));
        Set<Words.Act> acts = Words.acts(text);
        Set<String> contextStems = Set.copyOf(Words.stems(context));
        float[] plain = embedder.embed(text);
        double[] similarity = new double[profiles.size()];
        boolean[] mentioned = new boolean[profiles.size()];
        boolean[] implied = new boolean[profiles.size()];
        boolean anyMentioned = false;
        for (int i = 0; i < profiles.size(); i++) {
            Set<String> service = profiles.get(i).service();
            mentioned[i] = !service.isEmpty() && stems.containsAll(service);
            implied[i] = !service.isEmpty() && contextStems.containsAll(service);
            anyMentioned |= mentioned[i];
        }
        Map<String, float[]> withService = new HashMap<>();
        for (int i = 0; i < profiles.size(); i++) {
            Profile profile = profiles.get(i);
            similarity[i] = best(plain, profile);
            if (implied[i] && !anyMentioned) {
                float[] completed =
                        withService.computeIfAbsent(profile.serviceName(), s -> embedder.embed(text + " of " + s));
                similarity[i] = Math.max(similarity[i], best(completed, profile));
            }
        }
        double[][] rows = new double[profiles.size()][];
        for (int i = 0; i < profiles.size(); i++) {
            Profile profile = profiles.get(i);
            double next = 0;
            for (int j = 0; j < profiles.size(); j++) {
                if (j != i) {
                    next = Math.max(next, similarity[j]);
                }
            }
            Set<String> asked = stems;
            if (implied[i] && !anyMentioned) {
                asked = new java.util.LinkedHashSet<>(stems);
                asked.addAll(profile.service());
            }
            boolean actsKnown = !acts.isEmpty() && !profile.acts().isEmpty();
            boolean same = actsKnown && acts.stream().anyMatch(profile.acts()::contains);
            boolean here = mentioned[i] || (implied[i] && !anyMentioned);
            rows[i] = new double[] {
                similarity[i],
                Math.max(-0.3, Math.min(0.3, similarity[i] - next)),
                coverage(asked, profile),
                overlap(asked, profile),
                foreign(stems, profile),
                same ? 1 : 0,
                actsKnown && !same ? 1 : 0,
                here ? 1 : 0,
                !here && (anyMentioned || (!contextStems.isEmpty() && anyImplied(implied))) ? 1 : 0
            };
        }
        return rows;
    }

    private static boolean anyImplied(boolean[] implied) {
        for (boolean one : implied) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    private double best(float[] request, Profile profile) {
        double best = 0;
        for (String text : profile.texts()) {
            best = Math.max(best, Embedder.cosine(request, embedder.embed(text)));
        }
        return best;
    }

    private double weight(String stem) {
        double base = weight.getOrDefault(stem, unknownWeight);
        return Words.isVerb(stem) ? base * 0.4 : base;
    }

    /** How much of what is asked the playbook knows. */
    private double coverage(Set<String> stems, Profile profile) {
        double all = 0;
        double known = 0;
        for (String stem : stems) {
            all += weight(stem);
            boolean knows = profile.vocabulary().contains(stem) || Words.isVerbOf(stem, profile.acts());
            known += knows ? weight(stem) : 0;
        }
        return all == 0 ? 0 : known / all;
    }

    /** F1 of shared words with the closest phrase. */
    private double overlap(Set<String> stems, Profile profile) {
        double asked = stems.stream().mapToDouble(this::weight).sum();
        double best = 0;
        for (Set<String> phrase : profile.textStems()) {
            double offered = phrase.stream().mapToDouble(this::weight).sum();
            double shared = phrase.stream()
                    .filter(stems::contains)
                    .mapToDouble(this::weight)
                    .sum();
            best = Math.max(best, asked + offered == 0 ? 0 : 2 * shared / (asked + offered));
        }
        return best;
    }

    /** Weight of nouns the playbook does not know, at most 2: "restart the database" is not about a proxy. */
    private double foreign(Set<String> stems, Profile profile) {
        double foreign = 0;
        for (String stem : stems) {
            if (!profile.vocabulary().contains(stem) && !Words.isVerb(stem)) {
                foreign += weight(stem);
            }
        }
        return Math.min(2, foreign);
    }
}
