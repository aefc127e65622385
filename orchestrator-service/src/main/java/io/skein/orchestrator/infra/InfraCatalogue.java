package io.skein.orchestrator.infra;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The playbooks and inventories of each team. What one team may use is never an answer to another. */
@ApplicationScoped
public class InfraCatalogue {

    @Inject
    @RestClient
    InfraAgentApi api;

    @Inject
    Clock clock;

    private final Map<String, TeamCatalogue> teams = new ConcurrentHashMap<>();

    public TeamCatalogue of(String team) {
        return teams.computeIfAbsent(team, name -> new TeamCatalogue(name, api, clock));
    }
}
