package io.skein.infra.match;

import io.quarkus.runtime.StartupEvent;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.inventory.Inventories;
import io.skein.infra.inventory.Inventory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Keeps a matcher for the catalogue as it is. */
@ApplicationScoped
class MatchService {

    private static final Logger LOG = Logger.getLogger(MatchService.class);

    @Inject
    Catalogue catalogue;

    @Inject
    Inventories inventories;

    @Inject
    Embedder embedder;

    @Inject
    AgentConfig config;

    private volatile State state;
    private volatile boolean warm;

    private record State(List<Playbook> playbooks, List<Inventory> inventories, Matcher matcher) {}

    /** Model and catalogue are ready before the first person asks. */
    void start(@Observes StartupEvent event) {
        Thread.ofPlatform().daemon().name("match-warm-up").start(() -> {
            long begun = System.nanoTime();
            try {
                embedder.embed("warm up");
                matcher();
                LOG.infof("ready to match after %d ms", (System.nanoTime() - begun) / 1_000_000);
            } catch (RuntimeException e) {
                LOG.warnf("matching is not warmed up: %s", e.getMessage());
            } finally {
                warm = true; // one who cannot match can still run what was approved
            }
        });
    }

    boolean warm() {
        return warm;
    }

    double threshold() {
        return config.matchThreshold();
    }

    Matcher.Match match(String text, String context, int limit) {
        return matcher().match(text, context, threshold(), limit);
    }

    private Matcher matcher() {
        List<Playbook> playbooks = catalogue.playbooks();
        List<Inventory> found = inventories.all();
        State now = state;
        if (now != null && now.playbooks() == playbooks && now.inventories().equals(found)) {
            return now.matcher();
        }
        synchronized (this) {
            now = state;
            if (now == null
                    || now.playbooks() != playbooks
                    || !now.inventories().equals(found)) {
                Matcher matcher = new Matcher(playbooks, new Targets(names(found)), embedder, Calibration::confidence);
                matcher.warm();
                now = new State(playbooks, found, matcher);
                state = now;
            }
            return now.matcher();
        }
    }

    private static List<String> names(List<Inventory> inventories) {
        List<String> names = new ArrayList<>();
        for (Inventory inventory : inventories) {
            names.addAll(inventory.aliases());
            inventory.hosts().forEach(host -> names.add(host.name()));
            inventory.groups().forEach(group -> names.add(group.name()));
        }
        return names;
    }
}
