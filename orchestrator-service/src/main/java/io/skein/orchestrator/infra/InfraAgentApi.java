package io.skein.orchestrator.infra;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The infra agent's REST API, the part used here. */
@RegisterRestClient(configKey = "infra-agent")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1")
interface InfraAgentApi {

    record Playbooks(List<Playbook> items, String next) {}

    record Inventories(List<Inventory> items) {}

    record Hosts(List<String> hosts) {}

    @POST
    @Path("/playbooks/match")
    Match.Answer match(Match.Query query);

    @GET
    @Path("/playbooks")
    Playbooks playbooks(@QueryParam("size") int size, @QueryParam("after") String after);

    @GET
    @Path("/inventories")
    Inventories inventories();

    @GET
    @Path("/inventories/hosts")
    Hosts hosts(@QueryParam("inventory") String inventory, @QueryParam("pattern") String pattern);
}
