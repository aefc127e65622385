package io.skein.platform.readiness;

import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.readiness.UnsafeSetting;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Asks every {@link ReadinessCheck} at start. A packaged service with an unsafe setting that nobody accepted lists all of them and
 * does not start, whatever its profile is called; under {@code quarkus:dev} and in tests nothing is refused. The port is opened
 * after this, so nobody talked to it before.
 */
@ApplicationScoped
class ProductionReadiness {

    private static final Logger LOG = Logger.getLogger(ProductionReadiness.class);
    private static final String HOW_TO_ACCEPT = "SKEIN_ACCEPT_UNSAFE";

    @Inject
    @All
    List<ReadinessCheck> checks;

    @Inject
    ReadinessConfig config;

    private List<UnsafeSetting> accepted = List.of();

    /** What is to be done about the findings. */
    record Verdict(List<Finding> refused, List<Finding> accepted, Set<String> unknown) {

        boolean isSafe() {
            return refused.isEmpty() && unknown.isEmpty();
        }

        /** Everything that is wrong in one text, so that nobody starts ten times to find ten things. */
        String text() {
            StringBuilder text = new StringBuilder("This service does not start: unsafe settings.");
            for (Finding finding : refused) {
                text.append("\n  ").append(finding.line());
            }
            for (String id : unknown) {
                text.append("\n  ")
                        .append(HOW_TO_ACCEPT)
                        .append(" names ")
                        .append(id)
                        .append(", and there is no such setting.");
            }
            if (!refused.isEmpty()) {
                text.append("\nMend them, or accept single ones with their reason known: ")
                        .append(HOW_TO_ACCEPT)
                        .append('=')
                        .append(ids(refused))
                        .append(" (docs/hardening.md).");
            }
            if (!unknown.isEmpty()) {
                text.append("\nThere are: ")
                        .append(Arrays.stream(UnsafeSetting.values())
                                .map(UnsafeSetting::id)
                                .collect(Collectors.joining(", ")));
            }
            return text.toString();
        }
    }

    void check(@Observes @Priority(1) StartupEvent event) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            enforce(verdict());
        }
    }

    Verdict verdict() {
        return verdict(
                checks.stream().flatMap(check -> check.findings().stream()).toList(),
                config.acceptUnsafe().orElse(List.of()));
    }

    static Verdict verdict(List<Finding> findings, List<String> acceptedIds) {
        Set<String> ids = acceptedIds.stream()
                .map(id -> id.strip().replaceAll("\\p{Cntrl}", "?"))
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = ids.stream()
                .filter(id -> UnsafeSetting.find(id).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        return new Verdict(
                findings.stream()
                        .filter(finding -> !ids.contains(finding.setting().id()))
                        .toList(),
                findings.stream()
                        .filter(finding -> ids.contains(finding.setting().id()))
                        .toList(),
                unknown);
    }

    /**
     * @throws UnsafeSettingsException when something is unsafe that nobody accepted, or an id is accepted that does not exist
     */
    void enforce(Verdict verdict) {
        for (Finding finding : verdict.accepted()) {
            LOG.warnf("accepted as unsafe by %s: %s", HOW_TO_ACCEPT, finding.line());
        }
        if (!verdict.isSafe()) {
            // A record is one line.
            verdict.text().lines().forEach(LOG::error);
            throw new UnsafeSettingsException(verdict);
        }
        accepted = verdict.accepted().stream().map(Finding::setting).distinct().toList();
        LOG.infof(
                "production readiness: %d checks made; accepted as unsafe: %s",
                checks.size(), accepted.isEmpty() ? "nothing" : ids(verdict.accepted()));
    }

    /** What this process started with although it is unsafe. */
    List<UnsafeSetting> accepted() {
        return accepted;
    }

    private static String ids(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.setting().id())
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** Stops the start. The list is in the log already; a stack trace would only push it off the screen. */
    static final class UnsafeSettingsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnsafeSettingsException(Verdict verdict) {
            super(
                    "unsafe settings: " + ids(verdict.refused())
                            + (verdict.unknown().isEmpty() ? "" : " unknown " + verdict.unknown()),
                    null,
                    false,
                    false);
        }
    }
}
