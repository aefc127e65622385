package io.skein.orchestrator.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Rules about who approves. The first rule that fits a step decides on it; where none fits a person approves. */
@ConfigMapping(prefix = "skein.orchestrator.approval")
public interface ApprovalConfig {

    /**
     * In the order they are tried. Environment: {@code SKEIN_ORCHESTRATOR_APPROVAL_RULES_0__NAME},
     * {@code SKEIN_ORCHESTRATOR_APPROVAL_RULES_0__MODE} and so on.
     */
    List<Rule> rules();

    /** A rule; what it does not say fits everything. In patterns {@code *} stands for anything, and {@code |} separates several. */
    interface Rule {

        /** What the rule is called where it decided: in the plan, in events, in the audit trail. */
        String name();

        /** {@code always}: a person; {@code two-person}: two; {@code auto}: nobody, once the same went well often enough. */
        Mode mode();

        /** Steps of this risk (low, medium, high) or, where {@code |} separates several, of these. */
        Optional<String> risk();

        /** Steps on this inventory, by its name. */
        Optional<String> environment();

        /** Steps of this playbook, by its path. */
        Optional<String> playbook();

        /** Plans asked for by this person. Agents ({@code agent:…}) fit only a rule that says so. */
        Optional<String> requester();

        /** Plans of this team. */
        Optional<String> team();

        /** For {@code auto}: so many plans with the same step were approved by people and completed, without a failure since. */
        @WithDefault("3")
        int successes();
    }

    /** How a plan is approved. */
    enum Mode {
        AUTO,
        ALWAYS,
        TWO_PERSON;

        /** In plans and events. */
        public String wire() {
            return switch (this) {
                case AUTO -> "auto";
                case ALWAYS -> "always";
                case TWO_PERSON -> "two-person";
            };
        }
    }
}
