/**
 * Who has to approve a plan, by rules of the configuration. Depends on {@code plan} and {@code draft}; the decision itself is
 * {@code approval}'s, or this package's own where a rule allows it without a person.
 */
package io.skein.orchestrator.policy;
