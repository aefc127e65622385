package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.AuditEvent;
import com.puppycrawl.tools.checkstyle.api.AuditListener;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** build-support/checkstyle.xml refuses what it is there to refuse, and lets the rest through. */
class ImportControlTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} imports {1}")
    @CsvSource({
        "io.skein.lock.lease, io.skein.audit.entry.Entry",
        "io.skein.orchestrator.plan, io.skein.infra.catalogue.Playbook",
        "io.skein.platform.http, io.skein.lock.lease.Lease",
        "io.skein.contracts.agent, io.quarkus.runtime.Quarkus",
        "io.skein.contracts.agent, jakarta.ws.rs.GET",
        "io.skein.lock.lease, java.util.Date",
        "io.skein.lock.lease, javax.inject.Inject",
        "io.skein.lock.lease, jakarta.persistence.Entity",
        "io.skein.lock.lease, org.jdbi.v3.core.mapper.reflect.BeanMapper",
        "io.skein.lock.lease, org.slf4j.Logger",
        "io.skein.lock.lease, com.google.common.collect.ImmutableList",
    })
    void refuses(String where, String imported) throws Exception {
        assertFalse(check(where, imported).isEmpty());
    }

    @ParameterizedTest(name = "{0} imports {1}")
    @CsvSource({
        "io.skein.lock.lease, io.skein.lock.queue.Waiter",
        "io.skein.lock.lease, io.skein.contracts.Ids",
        "io.skein.lock.lease, io.skein.platform.problem.ProblemException",
        "io.skein.lock.lease, org.jdbi.v3.core.Jdbi",
        "io.skein.lock.lease, java.time.Instant",
        "io.skein.contracts.agent, com.fasterxml.jackson.annotation.JsonProperty",
        "io.skein.platform.http, io.skein.contracts.error.ErrorCode",
        "io.skein.test, io.skein.contracts.Ids",
    })
    void letsThrough(String where, String imported) throws Exception {
        assertEquals(List.of(), check(where, imported));
    }

    private List<String> check(String where, String imported) throws CheckstyleException, IOException {
        String name = imported.substring(imported.lastIndexOf('.') + 1);
        Path source = folder.resolve("Planted.java");
        Files.writeString(
                source,
                "package %s;%n%nimport %s;%n%nclass Planted {%n    %s field;%n}%n".formatted(where, imported, name));

        Path buildSupport = Modules.ROOT.resolve("build-support");
        Properties properties = new Properties();
        properties.setProperty("skein.build-support", buildSupport.toString());
        List<String> violations = new ArrayList<>();
        Checker checker = new Checker();
        try {
            checker.setModuleClassLoader(Checker.class.getClassLoader());
            checker.configure(ConfigurationLoader.loadConfiguration(
                    buildSupport.resolve("checkstyle.xml").toString(), new PropertiesExpander(properties)));
            checker.addListener(new Collector(violations));
            checker.process(List.of(source.toFile()));
        } finally {
            checker.destroy();
        }
        return violations;
    }

    private record Collector(List<String> violations) implements AuditListener {
        @Override
        public void addError(AuditEvent event) {
            violations.add(event.getMessage());
        }

        @Override
        public void addException(AuditEvent event, Throwable throwable) {
            throw new AssertionError(throwable);
        }

        @Override
        public void auditStarted(AuditEvent event) {}

        @Override
        public void auditFinished(AuditEvent event) {}

        @Override
        public void fileStarted(AuditEvent event) {}

        @Override
        public void fileFinished(AuditEvent event) {}
    }
}
