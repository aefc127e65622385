package io.skein.infra.inventory;

import io.skein.contracts.error.ErrorCode;
import io.skein.infra.agent.TeamGate;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** The inventories of the agent's team, to read. A service may say for which team it asks. */
@Path("/api/v1/inventories")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class InventoryResource {

    @Inject
    Inventories inventories;

    @Inject
    TeamGate gate;

    @GET
    public Page<Inventory> list(@QueryParam("team") String team) {
        return new Page<>(gate.isOpen(team) ? inventories.all() : List.of(), null);
    }

    /** What a host pattern means in an inventory. */
    @GET
    @Path("hosts")
    public Hosts hosts(
            @QueryParam("inventory") String inventory,
            @QueryParam("pattern") String pattern,
            @QueryParam("team") String team) {
        if (inventory == null || inventory.isBlank()) {
            throw ProblemException.invalid("inventory", "is missing");
        }
        if (pattern == null || pattern.isBlank() || pattern.length() > 1000) {
            throw ProblemException.invalid("pattern", "must be 1..1000 characters");
        }
        Inventory found = (gate.isOpen(team) ? inventories.get(inventory) : Optional.<Inventory>empty())
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVENTORY_NOT_FOUND, "There is no inventory " + inventory + " in the repository."));
        return new Hosts(HostPattern.match(pattern, found));
    }

    /** The hosts, in inventory order. */
    public record Hosts(List<String> hosts) {}
}
