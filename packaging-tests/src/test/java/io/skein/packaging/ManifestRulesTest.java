package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Planted mistakes: the rules must catch every one of them, or their silence elsewhere means nothing. */
class ManifestRulesTest {
    private static final String GOOD =
            Repository.read(Repository.ROOT.resolve("packaging-tests/src/test/resources/planted/good.yaml"));

    @Test
    void theGoodManifestIsGood() {
        assertEquals(List.of(), violations(GOOD));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # what stands there                       | what stands there instead                | what must be said
            replicas: 1                                | replicass: 1                             | replicass
            replicas: 1                                | replicas: many                           | many
            'containerPort: 8084'                      | 'hostPort: 8084'                         | containerPort
            kind: Deployment                           | kind: Deploymint                         | unknown type
            imagePullPolicy: IfNotPresent              | imagePullPolicy: Sometimes               | must be one of
            type: RuntimeDefault                       | type: runtime/default                    | must be one of
            type: ClusterIP                            | type: ClusterIp                          | must be one of
            'policyTypes: [Ingress, Egress]'           | 'policyTypes: [Ingress, egress]'         | must be one of
            runAsNonRoot: true # pod                   | runAsNonRoot: false                      | runAsNonRoot
            readOnlyRootFilesystem: true               | readOnlyRootFilesystem: false            | readOnlyRootFilesystem
            allowPrivilegeEscalation: false            | allowPrivilegeEscalation: true           | allowPrivilegeEscalation
            'drop: [ALL]'                              | 'drop: [NET_RAW]'                        | capabilities.drop
            'drop: [ALL]'                              | '{drop: [ALL], add: [SYS_ADMIN]}'        | takes a privilege back
            automountServiceAccountToken: false        | automountServiceAccountToken: true       | automountServiceAccountToken
            'lock-service:0.1.0'                       | lock-service                             | a different image every day
            'lock-service:0.1.0'                       | 'lock-service:latest'                    | a different image every day
            memory: 384Mi                              | memory: 384MiB                           | suffix
            cpu: 50m # request                           | cpu: fifty                               | quantity
            path: /q/health/live                       | path: /q/health                          | livenessProbe
            name: lock-settings # named                | name: lock-setting                       | ConfigMap/lock-setting
            name: lock-secret                          | name: lock-secrets                       | Secret/lock-secrets
            name: tmp # mount                          | name: temp                               | volume "temp" it has not got
            targetPort: http                           | targetPort: web                          | does not open
            component: lock-service # service          | component: locks                         | selects no pod
            component: lock-service # policy           | component: locks                         | selects no pod
            'emptyDir: {}'                             | 'hostPath: {path: /}'                    | a path of the node
            enableServiceLinks: false                  | hostNetwork: true                        | hostNetwork
            name: lock-service # account               | name: Lock_Service                       | no DNS label
            """)
    void aMistakeIsFound(String there, String instead, String said) {
        String from = unquoted(there);
        assertTrue(GOOD.contains(from), () -> "the good manifest has no: " + from);
        String with = unquoted(instead);
        String bad = with.startsWith("{")
                ? GOOD.replace("capabilities:\n              " + from, "capabilities: " + with)
                : GOOD.replace(from, with);
        List<String> violations = violations(bad);
        assertTrue(violations.stream().anyMatch(violation -> violation.contains(said)), () -> violations.toString());
    }

    @Test
    void whatIsThereTwiceIsFound() {
        assertTrue(violations(GOOD + "\n---\n" + GOOD).stream().anyMatch(violation -> violation.endsWith("twice")));
    }

    @Test
    void anEdgeTooManyIsSeen() {
        Set<String> good = NetworkEdges.of(Manifest.parse(GOOD), "lock-service").in();
        Set<String> open = NetworkEdges.of(Manifest.parse(GOOD.replace("from:\n", "notFrom:\n")), "lock-service")
                .in();
        assertEquals(Set.of("dashboard-ui:http"), good);
        assertEquals(Set.of("anything:http"), open);
    }

    private static List<String> violations(String yaml) {
        return ManifestRules.all(Manifest.parse(yaml), Set.of("Secret/lock-secret"));
    }

    private static String unquoted(String cell) {
        String text = cell.strip();
        return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
    }
}
