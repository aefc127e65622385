package io.skein.packaging;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What has to hold for a set of rendered objects that are applied together. Each method answers with the violations it found, each a
 * sentence that begins with the object it is about; an empty list is good news. {@link StrictSchema} is what the API server would
 * refuse, this class what it would accept and what would be wrong all the same.
 */
final class ManifestRules {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private ManifestRules() {}

    static List<String> all(List<Manifest> manifests, Set<String> external) {
        List<String> violations = new ArrayList<>();
        manifests.forEach(manifest -> violations.addAll(StrictSchema.violations(manifest)));
        if (!violations.isEmpty()) {
            // The other rules may take the shape for granted.
            return violations;
        }
        violations.addAll(names(manifests));
        violations.addAll(restricted(manifests));
        violations.addAll(images(manifests));
        violations.addAll(quantities(manifests));
        violations.addAll(probes(manifests));
        violations.addAll(references(manifests, external));
        violations.addAll(selectors(manifests));
        return violations;
    }

    static List<String> names(List<Manifest> manifests) {
        List<String> violations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Manifest manifest : manifests) {
            if (!seen.add(manifest.id())) {
                violations.add(manifest.id() + " is there twice");
            }
            if (!DNS_LABEL.matcher(manifest.name()).matches()) {
                violations.add(manifest.id() + " has a name that is no DNS label");
            }
            if (manifest.at("metadata", "labels") instanceof JsonObject labels) {
                for (Map.Entry<String, JsonElement> label : labels.entrySet()) {
                    if (!LABEL_VALUE.matcher(label.getValue().getAsString()).matches()) {
                        violations.add(manifest.id() + " has the label " + label + ", which no API server takes");
                    }
                }
            }
        }
        return violations;
    }

    /** Kubernetes' "restricted" profile, and two things more: a read-only root, and no token for an API nobody calls. */
    static List<String> restricted(List<Manifest> manifests) {
        List<String> violations = new ArrayList<>();
        for (Manifest manifest : manifests) {
            manifest.podSpec().ifPresent(pod -> {
                expect(violations, manifest, pod, "true", "securityContext", "runAsNonRoot");
                expect(violations, manifest, pod, "RuntimeDefault", "securityContext", "seccompProfile", "type");
                expect(violations, manifest, pod, "false", "automountServiceAccountToken");
                expect(violations, manifest, pod, "false", "enableServiceLinks");
                for (String member : List.of("hostNetwork", "hostPID", "hostIPC")) {
                    if (pod.has(member)) {
                        violations.add(manifest.id() + " asks for " + member);
                    }
                }
                for (JsonObject volume : Manifest.objects(pod.get("volumes"))) {
                    if (volume.has("hostPath")) {
                        violations.add(manifest.id() + " mounts a path of the node");
                    }
                }
            });
            for (JsonObject container : manifest.containers()) {
                expect(violations, manifest, container, "true", "securityContext", "runAsNonRoot");
                expect(violations, manifest, container, "true", "securityContext", "readOnlyRootFilesystem");
                expect(violations, manifest, container, "false", "securityContext", "allowPrivilegeEscalation");
                expect(violations, manifest, container, "[\"ALL\"]", "securityContext", "capabilities", "drop");
                if (!Manifest.at(container, "securityContext", "capabilities", "add")
                                .isJsonNull()
                        || !Manifest.at(container, "securityContext", "privileged")
                                .isJsonNull()) {
                    violations.add(manifest.id() + " takes a privilege back");
                }
            }
            if (manifest.kind().equals("ServiceAccount")) {
                expect(violations, manifest, manifest.json(), "false", "automountServiceAccountToken");
            }
            if (manifest.apiVersion().startsWith("rbac.authorization.k8s.io/")) {
                violations.add(manifest.id() + " grants rights, and no service needs any");
            }
        }
        return violations;
    }

    private static void expect(
            List<String> violations, Manifest manifest, JsonObject from, String expected, String... path) {
        JsonElement actual = Manifest.at(from, path);
        String text = actual.isJsonPrimitive() ? actual.getAsString() : actual.toString();
        if (!text.equals(expected)) {
            violations.add(manifest.id() + " must have " + String.join(".", path) + " " + expected + ", not " + text);
        }
    }

    static List<String> images(List<Manifest> manifests) {
        List<String> violations = new ArrayList<>();
        for (Manifest manifest : manifests) {
            for (JsonObject container : manifest.containers()) {
                String image = Manifest.at(container, "image").getAsString();
                String tag = image.substring(image.lastIndexOf('/') + 1);
                if (!tag.contains(":") || tag.matches(".*:latest(@.*)?")) {
                    violations.add(manifest.id() + " runs " + image + ", which is a different image every day");
                }
            }
        }
        return violations;
    }

    /** Nobody runs without a limit on memory; that amounts are amounts is seen when the model is read. */
    static List<String> quantities(List<Manifest> manifests) {
        List<String> violations = new ArrayList<>();
        for (Manifest manifest : manifests) {
            for (JsonObject container : manifest.containers()) {
                for (String member : List.of("requests", "limits")) {
                    if (!(Manifest.at(container, "resources", member) instanceof JsonObject amounts)) {
                        violations.add(manifest.id() + " has no resources." + member);
                        continue;
                    }
                    if (!amounts.has("memory")) {
                        violations.add(manifest.id() + " has no resources." + member + ".memory");
                    }
                }
            }
        }
        return violations;
    }

    /** What keeps running is watched: started, live and ready are three different questions. */
    static List<String> probes(List<Manifest> manifests) {
        Map<String, String> paths = Map.of(
                "startupProbe",
                "/q/health/started",
                "livenessProbe",
                "/q/health/live",
                "readinessProbe",
                "/q/health/ready");
        List<String> violations = new ArrayList<>();
        for (Manifest manifest : manifests) {
            if (!manifest.kind().equals("Deployment")) {
                continue;
            }
            for (JsonObject container :
                    Manifest.objects(manifest.podSpec().orElseThrow().get("containers"))) {
                paths.forEach((probe, path) -> {
                    expect(violations, manifest, container, path, probe, "httpGet", "path");
                    expect(violations, manifest, container, "http", probe, "httpGet", "port");
                });
            }
        }
        return violations;
    }

    /** Whatever an object names is there: in this set, or among those that are said to come from elsewhere. */
    static List<String> references(List<Manifest> manifests, Set<String> external) {
        List<String> violations = new ArrayList<>();
        Set<String> there = new HashSet<>();
        manifests.forEach(manifest -> there.add(manifest.id()));
        there.addAll(external);
        for (Manifest manifest : manifests) {
            Set<String> named = new HashSet<>();
            manifest.podSpec().ifPresent(pod -> {
                add(named, "ServiceAccount", pod.get("serviceAccountName"));
                Set<String> volumes = new HashSet<>();
                for (JsonObject volume : Manifest.objects(pod.get("volumes"))) {
                    volumes.add(volume.get("name").getAsString());
                    add(named, "ConfigMap", Manifest.at(volume, "configMap", "name"));
                    add(named, "Secret", Manifest.at(volume, "secret", "secretName"));
                    add(named, "PersistentVolumeClaim", Manifest.at(volume, "persistentVolumeClaim", "claimName"));
                }
                for (JsonObject container : manifest.containers()) {
                    for (JsonObject mount : Manifest.objects(container.get("volumeMounts"))) {
                        if (!volumes.contains(mount.get("name").getAsString())) {
                            violations.add(
                                    manifest.id() + " mounts the volume " + mount.get("name") + " it has not got");
                        }
                    }
                    Manifest.objects(container.get("envFrom"))
                            .forEach(source -> add(named, "ConfigMap", Manifest.at(source, "configMapRef", "name")));
                    Manifest.objects(container.get("env"))
                            .forEach(variable ->
                                    add(named, "Secret", Manifest.at(variable, "valueFrom", "secretKeyRef", "name")));
                }
            });
            if (manifest.kind().equals("HorizontalPodAutoscaler")) {
                named.add(manifest.string("spec", "scaleTargetRef", "kind") + "/"
                        + manifest.string("spec", "scaleTargetRef", "name"));
            }
            if (manifest.kind().equals("Ingress")) {
                for (JsonObject rule : Manifest.objects(manifest.at("spec", "rules"))) {
                    for (JsonObject path : Manifest.objects(Manifest.at(rule, "http", "paths"))) {
                        add(named, "Service", Manifest.at(path, "backend", "service", "name"));
                    }
                }
            }
            named.removeAll(there);
            named.forEach(missing -> violations.add(manifest.id() + " names " + missing + ", which nobody makes"));
        }
        return violations;
    }

    private static void add(Set<String> named, String kind, JsonElement name) {
        if (!(name instanceof JsonNull) && name != null) {
            named.add(kind + "/" + name.getAsString());
        }
    }

    /** Every selector selects something, and a Service finds its port in the pods it selects. */
    static List<String> selectors(List<Manifest> manifests) {
        List<String> violations = new ArrayList<>();
        List<Manifest> workloads = manifests.stream()
                .filter(manifest -> manifest.podSpec().isPresent())
                .toList();
        for (Manifest manifest : manifests) {
            JsonElement selector =
                    switch (manifest.kind()) {
                        case "Service" -> manifest.at("spec", "selector");
                        case "Deployment", "PodDisruptionBudget" -> manifest.at("spec", "selector", "matchLabels");
                        case "NetworkPolicy" -> manifest.at("spec", "podSelector", "matchLabels");
                        default -> JsonNull.INSTANCE;
                    };
            if (selector.isJsonNull()) {
                continue;
            }
            List<Manifest> selected = workloads.stream()
                    .filter(workload -> !manifest.kind().equals("Deployment") || workload.equals(manifest))
                    .filter(workload -> selects(selector.getAsJsonObject(), workload))
                    .toList();
            if (selected.isEmpty()) {
                violations.add(manifest.id() + " selects no pod");
            }
            boolean release =
                    manifest.kind().equals("NetworkPolicy") && manifest.name().endsWith("-deny");
            if (selected.size() > 1 && !release) {
                violations.add(manifest.id() + " selects more than one kind of pod");
            }
            if (manifest.kind().equals("Service")) {
                for (JsonObject port : Manifest.objects(manifest.at("spec", "ports"))) {
                    String target = port.get("targetPort").getAsString();
                    for (Manifest workload : selected) {
                        if (!ports(workload).contains(target)) {
                            violations.add(manifest.id() + " goes to the port " + target + ", which " + workload.id()
                                    + " does not open");
                        }
                    }
                }
            }
        }
        return violations;
    }

    private static boolean selects(JsonObject selector, Manifest workload) {
        JsonElement labels = workload.kind().equals("Pod")
                ? workload.at("metadata", "labels")
                : workload.at("spec", "template", "metadata", "labels");
        return labels.isJsonObject() && labels.getAsJsonObject().entrySet().containsAll(selector.entrySet());
    }

    private static Set<String> ports(Manifest workload) {
        Set<String> ports = new HashSet<>();
        for (JsonObject container : workload.containers()) {
            for (JsonObject port : Manifest.objects(container.get("ports"))) {
                ports.add(port.get("containerPort").getAsString());
                ports.add(Manifest.at(port, "name").getAsString());
            }
        }
        return ports;
    }
}
