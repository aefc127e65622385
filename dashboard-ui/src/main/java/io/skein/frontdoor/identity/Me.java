package io.skein.frontdoor.identity;

import java.util.List;

/** The signed-in person, as the web app and the command line show it. */
public record Me(String name, String team, List<String> roles) {

    static Me of(User user) {
        return new Me(user.name(), user.team(), user.roles());
    }
}
