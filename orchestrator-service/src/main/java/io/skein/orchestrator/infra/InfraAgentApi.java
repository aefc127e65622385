package io.skein.orchestrator.infra;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The infra agent's REST API, the part used here. It belongs to a team: for another one it knows nothing. */
@RegisterRestClient(configKey = "infra-agent")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1")
interface InfraAgentApi {

    record Playbooks(List<Playbook> items, String next) {}

    record Inventories(List<Inventory> items) {}

    record Hosts(List<String> hosts) {}

    @POST
    @Path("/playbooks/match")
    Match.Answer match(@QueryParam("team") String team, Match.Query query);

    @GET
    @Path("/playbooks")
    Playbooks playbooks(
            @QueryParam("team") String team, @QueryParam("size") int size, @QueryParam("after") String after);

    /** What is there this moment. */
    @POST
    @Path("/playbooks/rescan")
    Playbooks rescan(@QueryParam("team") String team);

    @GET
    @Path("/inventories")
    Inventories inventories(@QueryParam("team") String team);

    @GET
    @Path("/inventories/hosts")
    Hosts hosts(
            @QueryParam("team") String team,
            @QueryParam("inventory") String inventory,
            @QueryParam("pattern") String pattern);
}
