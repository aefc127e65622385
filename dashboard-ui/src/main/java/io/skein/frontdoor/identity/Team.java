package io.skein.frontdoor.identity;

import java.time.Instant;

/**
 * People who see the same machines, playbooks and plans.
 *
 * @param people how many accounts it has, disabled ones too
 */
record Team(String name, int people, String createdBy, Instant createdAt) {

    /** The team of the first account. Its administrators administer the fleet. */
    static final String HOME = "default";
}
