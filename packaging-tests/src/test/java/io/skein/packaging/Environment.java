package io.skein.packaging;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables a service reads, found in its configuration, and the ones a manifest gives it. */
final class Environment {
    private static final Pattern READ = Pattern.compile("\\b(SKEIN_[A-Z0-9_]+[A-Z0-9])\\b");
    /** {@code ${SKEIN_X}}, {@code ${SKEIN_X:}} and {@code ${SKEIN_X:something}}. */
    private static final Pattern EXPRESSION =
            Pattern.compile("\\$\\{(SKEIN_[A-Z0-9_]+)(?::((?:[^{}]|\\$\\{[^}]*})*))?}");

    private static final Pattern LOCAL = Pattern.compile("127\\.0\\.0\\.1|localhost");

    /** Marks the processes of a playbook run, so that leftovers are found again: written, not configured. */
    private static final String RUN_MARK = "SKEIN_RUN_ID";

    private Environment() {}

    private static List<Path> configuration(String module) {
        return Repository.files(
                Repository.ROOT.resolve(module).resolve("src/main"), ".properties", ".java", ".yaml", "Dockerfile.jvm");
    }

    private static String text(String module) {
        return configuration(module).stream().map(Repository::read).collect(Collectors.joining("\n"));
    }

    /** What this service, or the platform in it, reads. */
    static Set<String> readBy(String service) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = READ.matcher(text(service) + text("skein-platform"));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.remove(RUN_MARK);
        return names;
    }

    /**
     * What this service cannot do without in a cluster: no default, an empty one, one that points at this machine, which inside a pod
     * is never where the others are, or a folder, which inside a pod is only kept where there is a volume. A service's own setting of a property goes before the platform's.
     */
    static Set<String> neededBy(String service) {
        Map<String, String> defaults = new TreeMap<>();
        for (String module : List.of("skein-platform", service)) {
            for (Path file : configuration(module)) {
                if (!file.toString().endsWith(".properties")) {
                    continue;
                }
                Matcher matcher = EXPRESSION.matcher(Repository.read(file));
                while (matcher.find()) {
                    defaults.put(matcher.group(1), matcher.group(2));
                }
            }
        }
        Set<String> needed = new TreeSet<>();
        defaults.forEach((name, value) -> {
            if (value == null
                    || value.isBlank()
                    || LOCAL.matcher(value).find()
                    || name.endsWith("_DIR")
                    || name.endsWith("_REPOSITORY")) {
                needed.add(name);
            }
        });
        return needed;
    }

    /** What a manifest tells a service; the value, or {@code from elsewhere} for one that is not in the manifest. */
    static Map<String, String> given(List<Manifest> manifests, Manifest deployment) {
        Map<String, String> given = new TreeMap<>();
        for (JsonObject container : deployment.containers()) {
            if (!container.get("name").getAsString().equals("service")) {
                continue;
            }
            for (JsonObject source : Manifest.objects(container.get("envFrom"))) {
                String name = Manifest.at(source, "configMapRef", "name").getAsString();
                manifests.stream()
                        .filter(manifest -> manifest.id().equals("ConfigMap/" + name))
                        .flatMap(manifest -> manifest.at("data").getAsJsonObject().entrySet().stream())
                        .forEach(entry ->
                                given.put(entry.getKey(), entry.getValue().getAsString()));
            }
            for (JsonObject variable : Manifest.objects(container.get("env"))) {
                JsonElement value = Manifest.at(variable, "value");
                given.put(
                        variable.get("name").getAsString(),
                        value.isJsonNull() ? "from elsewhere" : value.getAsString());
            }
        }
        return given;
    }
}
