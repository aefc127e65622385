package io.skein.orchestrator.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The order in which providers are asked, and why (LLM-02): the local one first, unless little of its quota is left, the request is
 * complex or the work is high-value; the others of the chain remain for when the first ones fail.
 *
 * @param reason for a person
 */
record Route(List<Provider> order, String reason) {

    Route {
        order = List.copyOf(order);
    }

    /**
     * What the decision hangs on.
     *
     * @param complex why the request is complex, or empty
     * @param quotaLeft fractions 0..1; a provider that is missing has no quota
     */
    record Situation(Optional<String> complex, boolean highValue, Map<Provider, Double> quotaLeft, double lowQuota) {

        double left(Provider provider) {
            return quotaLeft.getOrDefault(provider, 1.0);
        }
    }

    /** @param chain the providers that are configured, in the order of their chain */
    static Route choose(List<Provider> chain, Situation situation) {
        List<Provider> usable =
                chain.stream().filter(provider -> situation.left(provider) > 0).toList();
        if (usable.isEmpty()) {
            return new Route(List.of(), chain.isEmpty() ? "no LLM is configured" : "the quota of every LLM is used up");
        }
        List<Provider> local = usable.stream().filter(Provider::isLocal).toList();
        List<Provider> external =
                usable.stream().filter(provider -> !provider.isLocal()).toList();
        if (local.isEmpty()) {
            boolean spent = chain.stream().anyMatch(Provider::isLocal);
            return new Route(external, spent ? "the local model's quota is used up" : "no local model is configured");
        }
        if (external.isEmpty()) {
            return new Route(local, "local, and there is no other");
        }
        Optional<String> why = whyNotLocal(local.getFirst(), situation);
        return why.map(reason -> new Route(joined(external, local), reason))
                .orElseGet(() -> new Route(joined(local, external), "local first"));
    }

    private static Optional<String> whyNotLocal(Provider local, Situation situation) {
        if (situation.highValue()) {
            return Optional.of("the work is marked high-value");
        }
        if (situation.complex().isPresent()) {
            return situation.complex().map(why -> "the request is complex: " + why);
        }
        double left = situation.left(local);
        return left < situation.lowQuota()
                ? Optional.of(
                        String.format(Locale.ROOT, "the local model has only %.0f %% of its quota left", left * 100))
                : Optional.empty();
    }

    private static List<Provider> joined(List<Provider> first, List<Provider> then) {
        List<Provider> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }
}
