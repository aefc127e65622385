package io.skein.registry.definition;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** The definitions that come with Skein: published at start when the database has not got that version. */
@ApplicationScoped
class ShippedAgents {

    private static final Logger LOG = Logger.getLogger(ShippedAgents.class);

    /** A class path cannot be listed in a native image, so the files are named. */
    static final List<String> FILES =
            List.of("chief-of-staff", "infra-operator", "monitoring-manager", "post-mortem-analyst");

    private static final ObjectMapper YAML = YAMLMapper.builder(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private final DefinitionRepository definitions;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    ShippedAgents(DefinitionRepository definitions, Jdbi jdbi, Clock clock) {
        this.definitions = definitions;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    void start(@Observes @Priority(1000) StartupEvent event) {
        FILES.stream().map(ShippedAgents::read).forEach(this::publish);
    }

    private void publish(AgentDefinition definition) {
        String id = definition.metadata().id();
        String version = definition.metadata().version();
        jdbi.useTransaction(tx -> {
            if (definitions.publish(tx, DefinitionRepository.EVERYBODY, definition, clock.instant())) {
                LOG.infof("agent definition %s %s is published", id, version);
                return;
            }
            boolean same = definitions
                    .version(tx, DefinitionRepository.EVERYBODY, id, version)
                    .map(stored -> stored.definition().equals(definition))
                    .orElse(false);
            if (!same) {
                LOG.warnf(
                        "the shipped definition %s differs from the published version %s, which stays: a published version "
                                + "is immutable, so the file needs a higher version",
                        id, version);
            }
        });
    }

    static AgentDefinition read(String name) {
        try (InputStream in =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("agents/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("agents/" + name + ".yaml is not in this build");
            }
            return YAML.readValue(in, AgentDefinition.class);
        } catch (IOException e) {
            throw new IllegalStateException("agents/" + name + ".yaml: " + e.getMessage(), e);
        }
    }
}
