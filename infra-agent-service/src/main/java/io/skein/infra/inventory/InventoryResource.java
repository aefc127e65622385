package io.skein.infra.inventory;

import io.skein.contracts.error.ErrorCode;
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

/** The inventories, to read. */
@Path("/api/v1/inventories")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class InventoryResource {

    @Inject
    Inventories inventories;

    @GET
    public Page<Inventory> list() {
        return new Page<>(inventories.all(), null);
    }

    /** What a host pattern means in an inventory. */
    @GET
    @Path("hosts")
    public Hosts hosts(@QueryParam("inventory") String inventory, @QueryParam("pattern") String pattern) {
        if (inventory == null || inventory.isBlank()) {
            throw ProblemException.invalid("inventory", "is missing");
        }
        if (pattern == null || pattern.isBlank() || pattern.length() > 1000) {
            throw ProblemException.invalid("pattern", "must be 1..1000 characters");
        }
        Inventory found = inventories
                .get(inventory)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVENTORY_NOT_FOUND, "There is no inventory " + inventory + " in the repository."));
        return new Hosts(HostPattern.match(pattern, found));
    }

    /** The hosts, in inventory order. */
    public record Hosts(List<String> hosts) {}
}
