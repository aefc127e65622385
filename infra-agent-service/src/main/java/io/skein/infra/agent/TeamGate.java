package io.skein.infra.agent;

import io.skein.platform.auth.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

/** The repository belongs to the agent's team. For everybody else it is as if it were empty. */
@RequestScoped
public class TeamGate {

    @Inject
    Agent agent;

    @Inject
    Caller caller;

    /**
     * Whether this request may see the repository.
     *
     * @param asked the team a service asks for, null for whatever is there; what a person says here changes nothing
     */
    public boolean isOpen(String asked) {
        return caller.isService()
                ? asked == null || asked.equals(agent.team())
                : caller.team().equals(agent.team());
    }
}
