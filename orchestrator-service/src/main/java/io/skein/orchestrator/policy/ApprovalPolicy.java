package io.skein.orchestrator.policy;

import io.quarkus.runtime.Startup;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.StepShape;
import io.skein.orchestrator.policy.ApprovalConfig.Mode;
import io.skein.orchestrator.policy.ApprovalConfig.Rule;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Applies the rules. The strictest step decides for the whole plan: two people where any step asks for two, a person where any step asks
 * for one or no rule fits it, nobody only where every step has a rule that allows it and went well often enough.
 */
@Startup
@ApplicationScoped
public class ApprovalPolicy {

    private static final String AGENT = "agent:";
    private static final Set<String> RISKS = Set.of("low", "medium", "high");

    @Inject
    ApprovalConfig config;

    @Inject
    TrustRepository trust;

    /** A policy that is not what its author thinks is worse than none: the service does not start with one. */
    @PostConstruct
    void check() {
        Set<String> names = new HashSet<>();
        for (Rule rule : config.rules()) {
            if (rule.name().isBlank() || !names.add(rule.name())) {
                throw new IllegalStateException(
                        "skein.orchestrator.approval.rules: each rule needs a name of its own, \"" + rule.name()
                                + "\" is none");
            }
            if (rule.successes() < 1) {
                throw new IllegalStateException(
                        "skein.orchestrator.approval.rules: " + rule.name() + " needs at least 1 success");
            }
            rule.risk().stream().flatMap(ApprovalPolicy::words).forEach(risk -> {
                if (!RISKS.contains(risk)) {
                    throw new IllegalStateException("skein.orchestrator.approval.rules: " + rule.name()
                            + " speaks of the risk \"" + risk + "\"; there is low, medium and high");
                }
            });
        }
    }

    public Decision decide(Handle handle, Plan plan, List<PlannedStep> steps) {
        List<Rule> auto = new ArrayList<>();
        Rule always = null;
        boolean unruled = steps.isEmpty();
        String notYet = null;
        for (PlannedStep step : steps) {
            Optional<Rule> found = config.rules().stream()
                    .filter(rule -> fits(rule, plan, step))
                    .findFirst();
            if (found.isEmpty()) {
                unruled = true;
                continue;
            }
            Rule rule = found.get();
            switch (rule.mode()) {
                case TWO_PERSON -> {
                    return new Decision(
                            Mode.TWO_PERSON,
                            rule.name(),
                            "Two different people have to approve: the rule \"" + rule.name() + "\" says so for step "
                                    + step.number() + ".");
                }
                case ALWAYS -> always = always == null ? rule : always;
                case AUTO -> {
                    auto.add(rule);
                    int went = trust.successes(handle, plan.team(), StepShape.of(step));
                    if (went < rule.successes() && notYet == null) {
                        notYet = "A person has to approve: the rule \"" + rule.name() + "\" trusts step "
                                + step.number() + " after " + rule.successes()
                                + " approved runs that went well, and there are " + went + ".";
                    }
                }
            }
        }
        if (always != null) {
            return new Decision(
                    Mode.ALWAYS, always.name(), "A person has to approve: the rule \"" + always.name() + "\" says so.");
        }
        String names = auto.stream().map(Rule::name).distinct().collect(Collectors.joining(", "));
        if (unruled || plan.highValue()) {
            return new Decision(
                    Mode.ALWAYS,
                    null,
                    plan.highValue()
                            ? "A person has to approve: the request is of high value."
                            : "A person has to approve.");
        }
        return notYet != null
                ? new Decision(Mode.ALWAYS, names, notYet)
                : new Decision(
                        Mode.AUTO,
                        names,
                        "Approved by the rule \"" + names
                                + "\": the same steps were approved by people and went well.");
    }

    private static boolean fits(Rule rule, Plan plan, PlannedStep step) {
        boolean agent = plan.requestedBy().startsWith(AGENT);
        boolean asked = rule.requester().isEmpty()
                ? !agent || rule.mode() != Mode.AUTO
                : words(rule.requester().get())
                        .filter(pattern -> !agent || pattern.startsWith(AGENT) || rule.mode() != Mode.AUTO)
                        .anyMatch(pattern -> matches(pattern, plan.requestedBy()));
        return asked
                && fits(rule.team(), plan.team())
                && fits(rule.risk(), step.risk())
                && fits(rule.environment(), step.inventoryName())
                && fits(rule.playbook(), step.playbook());
    }

    private static boolean fits(Optional<String> patterns, String value) {
        return patterns.isEmpty()
                || value != null && words(patterns.get()).anyMatch(pattern -> matches(pattern, value));
    }

    private static Stream<String> words(String patterns) {
        return Stream.of(patterns.split("\\|")).map(String::strip).filter(word -> !word.isEmpty());
    }

    private static boolean matches(String pattern, String value) {
        String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }
}
