package io.skein.packaging;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One rendered Kubernetes object. */
record Manifest(JsonObject json) {

    /** Every document of a YAML stream; empty ones are left out. A key given twice is an error, as it is in the API server. */
    static List<Manifest> parse(String yaml) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        strict.setCodePointLimit(10_000_000);
        List<Manifest> manifests = new ArrayList<>();
        Gson gson = new Gson();
        for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(yaml)) {
            if (document instanceof Map<?, ?> map) {
                manifests.add(new Manifest(gson.toJsonTree(map).getAsJsonObject()));
            }
        }
        return manifests;
    }

    String apiVersion() {
        return string("apiVersion");
    }

    String kind() {
        return string("kind");
    }

    String name() {
        return string("metadata", "name");
    }

    String id() {
        return kind() + "/" + name();
    }

    /** The fleet's name for what this belongs to: {@code lock-service}, {@code bootstrap}; empty for the release as a whole. */
    String component() {
        String label = string("metadata", "labels", "app.kubernetes.io/component");
        if (!label.isEmpty()) {
            return label;
        }
        return string("spec", "template", "metadata", "labels", "app.kubernetes.io/component");
    }

    /** The pod this object makes, if it makes one. */
    Optional<JsonObject> podSpec() {
        JsonElement spec =
                switch (kind()) {
                    case "Deployment", "StatefulSet", "DaemonSet", "Job" -> at("spec", "template", "spec");
                    case "Pod" -> at("spec");
                    default -> JsonNull.INSTANCE;
                };
        return spec.isJsonObject() ? Optional.of(spec.getAsJsonObject()) : Optional.empty();
    }

    List<JsonObject> containers() {
        List<JsonObject> containers = new ArrayList<>();
        podSpec().ifPresent(pod -> {
            containers.addAll(objects(pod.get("initContainers")));
            containers.addAll(objects(pod.get("containers")));
        });
        return containers;
    }

    /** The element at a path of object members, {@link JsonNull} when there is none. */
    JsonElement at(String... path) {
        return at(json, path);
    }

    String string(String... path) {
        JsonElement element = at(path);
        return element.isJsonPrimitive() ? element.getAsString() : "";
    }

    static JsonElement at(JsonElement from, String... path) {
        JsonElement here = from;
        for (String member : path) {
            if (here == null || !here.isJsonObject()) {
                return JsonNull.INSTANCE;
            }
            here = here.getAsJsonObject().get(member);
        }
        return here == null ? JsonNull.INSTANCE : here;
    }

    static List<JsonObject> objects(JsonElement array) {
        List<JsonObject> objects = new ArrayList<>();
        if (array instanceof JsonArray elements) {
            elements.forEach(element -> objects.add(element.getAsJsonObject()));
        }
        return objects;
    }
}
