package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.Ids;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** The definitions that come with Skein: published at start when the database has not got that version. */
@ApplicationScoped
class ShippedAgents {

    private static final Logger LOG = Logger.getLogger(ShippedAgents.class);

    /** A class path cannot be listed in a native image, so the files are named. */
    static final List<String> FILES = List.of(
            "chief-of-staff",
            "executor",
            "explorer",
            "infra-operator",
            "master-operator",
            "monitoring-manager",
            "post-mortem-analyst",
            "qa-manager");

    private final DefinitionRepository definitions;
    private final DefinitionCheck check;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    ShippedAgents(DefinitionRepository definitions, DefinitionCheck check, Jdbi jdbi, Clock clock) {
        this.definitions = definitions;
        this.check = check;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    void start(@Observes @Priority(1000) StartupEvent event) {
        FILES.stream().map(ShippedAgents::read).forEach(this::publish);
    }

    private void publish(JsonNode document) {
        check.require(document);
        Instant now = clock.instant();
        Definition shipped = new Definition(
                Definition.EVERYBODY,
                document.at("/metadata/id").asText(),
                document.at("/metadata/version").asText(),
                Definition.Status.PUBLISHED,
                Ids.next(),
                false,
                now,
                "skein",
                now,
                now,
                null,
                document);
        jdbi.useTransaction(tx -> {
            definitions.lock(tx, shipped.team(), shipped.id());
            if (definitions.insert(tx, shipped)) {
                definitions.chooseNewest(tx, shipped.team(), shipped.id());
                LOG.infof("agent definition %s %s is published", shipped.id(), shipped.version());
                return;
            }
            boolean same = definitions
                    .find(tx, shipped.team(), shipped.id(), shipped.version())
                    .map(stored -> Documents.same(stored.document(), document))
                    .orElse(false);
            if (!same) {
                LOG.warnf(
                        "the shipped definition %s differs from the published version %s, which stays: a published version "
                                + "is immutable, so the file needs a higher version",
                        shipped.id(), shipped.version());
            }
        });
    }

    static JsonNode read(String name) {
        return DefinitionReader.yaml(text(name)).getFirst();
    }

    /** The file, comments and all. */
    static String text(String name) {
        try (InputStream in =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("agents/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("agents/" + name + ".yaml is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("agents/" + name + ".yaml: " + e.getMessage(), e);
        }
    }
}
