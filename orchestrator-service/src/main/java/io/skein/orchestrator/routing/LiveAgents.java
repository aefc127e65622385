package io.skein.orchestrator.routing;

import io.skein.contracts.agent.WorkRequest;
import io.skein.orchestrator.infra.Cached;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/** The fleet as the registry sees it, asked at most every two seconds; a minute old is still good when it cannot be asked. */
@ApplicationScoped
public class LiveAgents {

    private static final Logger LOG = Logger.getLogger(LiveAgents.class);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration STALE = Duration.ofSeconds(60);
    private static final int PAGE = 200;

    @Inject
    @RestClient
    RegistryApi registry;

    @Inject
    Clock clock;

    private Cached<Fleet> fleet;

    @PostConstruct
    void prepare() {
        fleet = new Cached<>("the registry", this::ask, FRESH, STALE, clock);
    }

    /** Never fails: without the registry it is a fleet without agents and the reason. */
    public Fleet fleet() {
        try {
            return fleet.get();
        } catch (WebApplicationException | ProcessingException e) {
            LOG.debugf("the registry cannot be asked: %s", e.getMessage());
            return new Fleet(
                    List.of(), List.of(), "The registry does not answer, so nobody knows which agents are online");
        } catch (RuntimeException e) {
            LOG.warnf("the registry cannot be asked: %s", e.getMessage());
            return new Fleet(
                    List.of(), List.of(), "The registry cannot be asked, so nobody knows which agents are online");
        }
    }

    /** The fleet when nobody needs to be asked for it: what holds a transaction open does not wait for another service. */
    public Optional<Fleet> known() {
        return fleet.known();
    }

    private Fleet ask() {
        List<LiveAgent> agents = registry.live(WorkRequest.ANSIBLE_PLAYBOOK).items();
        List<FleetNode> nodes = new ArrayList<>();
        String after = null;
        do {
            RegistryApi.Nodes page = registry.nodes(PAGE, after);
            nodes.addAll(page.items());
            after = page.next();
        } while (after != null);
        return new Fleet(agents, nodes, null);
    }
}
