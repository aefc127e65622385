package io.skein.orchestrator.capacity;

import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.FleetNode;
import io.skein.orchestrator.routing.LiveAgent;
import io.skein.orchestrator.routing.LiveAgents;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/capacity}. */
@Path("/api/v1/capacity")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "capacity")
public class CapacityResource {

    @Inject
    LiveAgents liveAgents;

    @Inject
    Caller caller;

    /** @param problem why nothing is known, or null */
    public record Capacity(List<AgentCapacity> agents, List<NodeCapacity> nodes, String problem) {}

    public record AgentCapacity(
            String agentId, String agentType, String node, List<String> capabilities, int slots, int freeSlots) {}

    /** Free figures are null when the node's last heartbeat had none. */
    public record NodeCapacity(
            String name,
            String status,
            boolean cordoned,
            Integer cpuCores,
            Double cpuFree,
            Long memoryTotalBytes,
            Long memoryAvailableBytes,
            Long vramTotalBytes,
            Long vramFreeBytes) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Agents that are online and what their machines have free")
    public Capacity get() {
        Fleet fleet = liveAgents.fleet();
        return new Capacity(
                fleet.agents().stream()
                        .filter(agent -> agent.online() && mine(agent.team()))
                        .map(CapacityResource::agent)
                        .toList(),
                fleet.nodes().stream()
                        .filter(node -> mine(node.team()))
                        .map(CapacityResource::node)
                        .toList(),
                fleet.problem());
    }

    private boolean mine(String team) {
        return caller.isService() || caller.team().equals(team);
    }

    private static AgentCapacity agent(LiveAgent agent) {
        return new AgentCapacity(
                agent.agentId(),
                agent.agentType(),
                agent.node(),
                agent.capabilities(),
                agent.slots(),
                Math.max(0, agent.slots() - agent.busy()));
    }

    private static NodeCapacity node(FleetNode node) {
        NodeHeartbeat.Resources r = node.resources();
        if (r == null) {
            return new NodeCapacity(node.name(), node.status(), node.cordoned(), null, null, null, null, null, null);
        }
        return new NodeCapacity(
                node.name(),
                node.status(),
                node.cordoned(),
                r.cpuCores(),
                Math.max(0, r.cpuCores() * (1 - r.cpuUsedFraction())),
                r.memoryTotalBytes(),
                r.memoryAvailableBytes(),
                r.gpus().stream()
                        .mapToLong(gpu -> gpu.vramTotalBytes() == null ? 0 : gpu.vramTotalBytes())
                        .sum(),
                r.gpus().stream()
                        .mapToLong(gpu -> gpu.vramFreeBytes() == null ? 0 : gpu.vramFreeBytes())
                        .sum());
    }
}
