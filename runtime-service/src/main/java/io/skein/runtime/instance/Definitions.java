package io.skein.runtime.instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** What the registry says of agents, as far as starting them goes. */
@ApplicationScoped
class Definitions {

    private static final int PAGE = 200;
    private static final int MAX_AGENTS = 1000;
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final String PUBLISHED = "published";

    private final DefinitionClient registry;

    @Inject
    Definitions(@RestClient DefinitionClient registry) {
        this.registry = registry;
    }

    /**
     * The newest version in the range that may be started.
     *
     * @throws ProblemException not_found when there is none, illegal_transition when it is a draft, deprecated or switched off
     */
    DefinitionClient.Definition startable(String team, String agent, String range) {
        DefinitionClient.Definition found =
                ask(agent, range, () -> registry.get(agent, range == null || range.isBlank() ? "latest" : range, team));
        if (found == null || found.definition() == null || found.version() == null) {
            throw new ProblemException(ErrorCode.UPSTREAM_FAILED, "The registry's answer names no definition.");
        }
        String name = "Version " + found.version() + " of " + agent;
        if (!PUBLISHED.equals(found.status())) {
            throw new ProblemException(
                            ErrorCode.ILLEGAL_TRANSITION,
                            name + " is " + (found.status() == null ? "not published" : found.status())
                                    + "; only published versions are started.")
                    .with("agentStatus", String.valueOf(found.status()))
                    .with("version", found.version());
        }
        if (!found.definition().path("config").path("enabled").asBoolean(true)) {
            throw new ProblemException(
                            ErrorCode.ILLEGAL_TRANSITION,
                            name + " is switched off; publish a version whose config.enabled is true.")
                    .with("agentStatus", "disabled")
                    .with("version", found.version());
        }
        return found;
    }

    /** Ids of the agents a team sees. */
    List<String> ids(String team) {
        List<String> ids = new ArrayList<>();
        String after = null;
        do {
            String from = after;
            DefinitionClient.Definitions page = ask("agents", null, () -> registry.list(team, PAGE, from));
            page.items().forEach(item -> ids.add(item.id()));
            after = page.next();
        } while (after != null && ids.size() < MAX_AGENTS);
        return ids.stream().distinct().toList();
    }

    /** True when it shall be at work all the time. */
    static boolean isContinuous(JsonNode definition) {
        return "continuous".equals(definition.path("goal").path("mode").asText());
    }

    private static <T> T ask(String agent, String range, Supplier<T> question) {
        try {
            return question.get();
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            if (status == NOT_FOUND) {
                throw ProblemException.notFound(
                        range == null ? "published agent " + agent : "version " + range + " of an agent " + agent);
            }
            if (status == BAD_REQUEST) {
                throw ProblemException.invalid("version", "is not a range the registry understands");
            }
            throw new ProblemException(ErrorCode.UPSTREAM_FAILED, "The registry answered with status " + status + ".");
        } catch (ProcessingException e) {
            throw new ProblemException(ErrorCode.UNAVAILABLE, "The registry does not answer; try again shortly.");
        }
    }
}
