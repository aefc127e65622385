package io.skein.infra.catalogue;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.infra.agent.AgentConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/**
 * Looks at the repository every few seconds. Polling sizes and times costs a few milliseconds and sees what a watch service
 * does not: network file systems, folders that appear later, a repository that is replaced.
 */
@ApplicationScoped
class RepositoryWatch {

    private static final Logger LOG = Logger.getLogger(RepositoryWatch.class);

    @Inject
    Catalogue catalogue;

    @Inject
    AgentConfig config;

    private volatile Thread thread;

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("repository-watch").start(this::watch);
    }

    void stop(@Observes ShutdownEvent event) {
        Thread watching = thread;
        thread = null;
        watching.interrupt();
    }

    private void watch() {
        boolean failing = false;
        while (thread != null || !catalogue.ready()) {
            try {
                catalogue.refresh();
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warnf("the repository was not read, trying again every %s: %s", config.scanInterval(), e);
                    failing = true;
                }
            }
            try {
                Thread.sleep(config.scanInterval());
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
