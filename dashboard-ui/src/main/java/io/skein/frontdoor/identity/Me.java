package io.skein.frontdoor.identity;

import java.util.List;
import java.util.UUID;

/**
 * The signed-in person, as the web app and the command line show it.
 *
 * @param fleet whether they administer every team
 * @param hasPassword whether there is a password to change: not where a provider vouches for them
 */
public record Me(UUID id, String name, String team, List<String> roles, boolean fleet, boolean hasPassword) {

    static Me of(User user) {
        return new Me(
                user.id(),
                user.name(),
                user.team(),
                user.roles(),
                user.administers() && user.team().equals(Team.HOME),
                user.hasPassword());
    }
}
