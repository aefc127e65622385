package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Making and deleting teams. */
@ApplicationScoped
class TeamService {

    private static final Logger LOG = Logger.getLogger(TeamService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    TeamRepository teams;

    @Inject
    AuthEvents events;

    @Inject
    Clock clock;

    Page<Team> list(String after, int size) {
        return Page.of(
                jdbi.withHandle(handle -> teams.list(handle, after == null ? "" : after, size + 1)), size, Team::name);
    }

    Team find(String name) {
        return jdbi.withHandle(handle -> teams.find(handle, name)).orElseThrow(TeamService::none);
    }

    Team create(String name, String actor) {
        AccountRules.checkTeam(name);
        return jdbi.inTransaction(tx -> {
            if (!teams.insert(tx, name, actor, clock.instant())) {
                throw ProblemException.invalid("name", "is taken");
            }
            events.teamCreated(tx, name, actor);
            LOG.infof("%s made the team %s", actor, name);
            return teams.find(tx, name).orElseThrow(TeamService::none);
        });
    }

    /**
     * Deletes an empty team; its name stays reserved.
     *
     * @throws ProblemException team_not_empty
     */
    void delete(String name, String actor) {
        jdbi.useTransaction(tx -> {
            if (!teams.lock(tx, name)) {
                throw none();
            }
            Team team = teams.find(tx, name).orElseThrow(TeamService::none);
            if (team.people() > 0) {
                throw new ProblemException(
                        ErrorCode.TEAM_NOT_EMPTY,
                        "The team " + name + " has " + team.people() + (team.people() == 1 ? " person." : " people."));
            }
            teams.delete(tx, name, clock.instant());
            events.teamDeleted(tx, name, actor);
            LOG.infof("%s deleted the team %s", actor, name);
        });
    }

    private static ProblemException none() {
        return ProblemException.notFound("such team");
    }
}
