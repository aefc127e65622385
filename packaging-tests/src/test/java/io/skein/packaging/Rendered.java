package io.skein.packaging;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ways the fleet is delivered to a cluster, each rendered once for all tests. */
enum Rendered {
    CHART_EXTERNAL,
    CHART_TRIAL,
    CHART_EVERYTHING,
    KUSTOMIZE_LOCAL;

    private static final Map<Rendered, List<Manifest>> CACHE = new EnumMap<>(Rendered.class);

    /** What an operator brings: what the value files name, and what k8s/overlays/local/secrets.sh makes. */
    static final Set<String> EXTERNAL = Set.of(
            "Secret/skein-postgresql",
            "Secret/skein-rabbitmq",
            "Secret/skein-redis",
            "Secret/skein-auth",
            "Secret/skein-oidc",
            "Secret/model-key",
            "Secret/anthropic-key",
            "Secret/mcp-keys",
            "Secret/postgres-admin",
            "Secret/managed-hosts-ssh",
            "Secret/fleet-dashboard-ui-tls",
            "Secret/fleet-orchestrator-service-tls",
            "Secret/fleet-registry-service-tls",
            "Secret/fleet-runtime-service-tls",
            "Secret/fleet-lock-service-tls",
            "Secret/fleet-audit-service-tls",
            "Secret/fleet-infra-agent-service-tls",
            "ConfigMap/fleet-ca",
            "PersistentVolumeClaim/evidence");

    synchronized List<Manifest> manifests() {
        return CACHE.computeIfAbsent(this, way -> Manifest.parse(way.yaml()));
    }

    private String yaml() {
        KubernetesTools tools = KubernetesTools.get();
        return switch (this) {
            case CHART_EXTERNAL -> tools.render("external");
            case CHART_TRIAL -> tools.render("trial");
            case CHART_EVERYTHING -> tools.render("everything");
            case KUSTOMIZE_LOCAL ->
                tools.kubectl(
                                "kustomize",
                                Repository.KUSTOMIZE.resolve("overlays/local").toString())
                        .orFail();
        };
    }

    Manifest deployment(String service) {
        return manifests().stream()
                .filter(manifest -> manifest.kind().equals("Deployment"))
                .filter(manifest -> manifest.component().equals(service))
                .findFirst()
                .orElseThrow(() -> new AssertionError(this + " has no Deployment for " + service));
    }
}
