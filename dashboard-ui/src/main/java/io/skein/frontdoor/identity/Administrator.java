package io.skein.frontdoor.identity;

import io.skein.platform.problem.ProblemException;
import java.util.UUID;

/**
 * Whoever administers people: those of the own team, or of every team when the own one is the home team.
 *
 * @param actor as written into events
 */
record Administrator(UUID id, String actor, String team) {

    boolean ofFleet() {
        return team.equals(Team.HOME);
    }

    /**
     * @throws ProblemException not_found when the person's team is none of theirs
     */
    void require(User user) {
        if (!ofFleet() && !team.equals(user.team())) {
            throw ProblemException.notFound("such person");
        }
    }
}
