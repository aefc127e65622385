package io.skein.orchestrator.routing;

import java.util.Collection;
import java.util.List;

/** What has been run before; newest first. */
public interface PastRuns {

    /** The last runs of these playbooks or by these agents, bounded. */
    List<PastRun> find(String team, Collection<String> playbooks, Collection<String> agents);
}
