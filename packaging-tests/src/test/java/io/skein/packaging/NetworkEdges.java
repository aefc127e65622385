package io.skein.packaging;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The traffic a service's NetworkPolicy lets through, as short words that can be compared. */
record NetworkEdges(Set<String> in, Set<String> out) {

    /** The edges of the one policy that selects this service; a second one would widen it unseen, so that is a failure. */
    static NetworkEdges of(List<Manifest> manifests, String service) {
        List<Manifest> policies = manifests.stream()
                .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                .filter(manifest -> manifest.string("spec", "podSelector", "matchLabels", "app.kubernetes.io/component")
                        .equals(service))
                .toList();
        if (policies.size() != 1) {
            throw new AssertionError(service + " has " + policies.size() + " network policies");
        }
        Manifest policy = policies.getFirst();
        if (!policy.at("spec", "policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")) {
            throw new AssertionError(policy.id() + " does not rule both directions");
        }
        return new NetworkEdges(edges(policy.at("spec", "ingress"), "from"), edges(policy.at("spec", "egress"), "to"));
    }

    private static Set<String> edges(JsonElement rules, String member) {
        Set<String> edges = new TreeSet<>();
        for (JsonObject rule : Manifest.objects(rules)) {
            List<JsonObject> peers = Manifest.objects(rule.get(member));
            for (JsonObject port : Manifest.objects(rule.get("ports"))) {
                String number = port.get("protocol").getAsString().equals("UDP")
                        ? port.get("port").getAsString() + "/udp"
                        : port.get("port").getAsString();
                if (peers.isEmpty()) {
                    edges.add("anything:" + number);
                }
                for (JsonObject peer : peers) {
                    edges.add(peer(peer) + ":" + number);
                }
            }
            if (!rule.has("ports")) {
                edges.add("every port of " + peers);
            }
        }
        return edges;
    }

    private static String peer(JsonObject peer) {
        String component = text(peer, "podSelector", "matchLabels", "app.kubernetes.io/component");
        if (!component.isEmpty() && !peer.has("namespaceSelector")) {
            return component;
        }
        if (text(peer, "podSelector", "matchLabels", "k8s-app").equals("kube-dns")) {
            return "dns";
        }
        String namespace = text(peer, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name");
        if (!namespace.isEmpty()) {
            return "namespace " + namespace;
        }
        if (peer.has("ipBlock")) {
            return text(peer, "ipBlock", "cidr");
        }
        return text(peer, "podSelector", "matchLabels", "app.kubernetes.io/instance")
                        .isEmpty()
                ? peer.toString()
                : "the release";
    }

    private static String text(JsonObject peer, String... path) {
        JsonElement element = Manifest.at(peer, path);
        return element.isJsonPrimitive() ? element.getAsString() : "";
    }
}
