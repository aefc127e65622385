package io.skein.packaging;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.util.ModelMapper;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the API server checks of one object's shape: fields it does not know, fields it misses, types (by the models of the official
 * Java client), and the closed sets of values, which the client's models leave out.
 */
final class StrictSchema {
    /** A path of member names that ends so, with the values it may have. {@code *} stands for one member or index. */
    private static final Map<Pattern, Set<String>> ENUMS = new LinkedHashMap<>();

    static {
        value("imagePullPolicy", "Always", "IfNotPresent", "Never");
        value("(spec|template.spec).restartPolicy", "Always", "OnFailure", "Never");
        value("protocol", "TCP", "UDP", "SCTP");
        value("policyTypes.\\d+", "Ingress", "Egress");
        value("seccompProfile.type", "RuntimeDefault", "Localhost", "Unconfined");
        value("strategy.type", "Recreate", "RollingUpdate");
        value("pathType", "Exact", "Prefix", "ImplementationSpecific");
        value("accessModes.\\d+", "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");
        value("tolerations.\\d+.operator", "Exists", "Equal");
        value("tolerations.\\d+.effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
        value("matchExpressions.\\d+.operator", "In", "NotIn", "Exists", "DoesNotExist");
        value("whenUnsatisfiable", "DoNotSchedule", "ScheduleAnyway");
        value("unhealthyPodEvictionPolicy", "IfHealthyBudget", "AlwaysAllow");
        value("fsGroupChangePolicy", "OnRootMismatch", "Always");
        value("httpGet.scheme", "HTTP", "HTTPS");
        value("metrics.\\d+.type", "Resource", "Pods", "Object", "External", "ContainerResource");
        value("metrics.\\d+.resource.target.type", "Utilization", "Value", "AverageValue");
        value("Service.spec.type", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
        value("dnsPolicy", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
    }

    private StrictSchema() {}

    private static void value(String path, String... allowed) {
        ENUMS.put(Pattern.compile("(.*\\.)?" + path.replace(".", "\\.")), Set.of(allowed));
    }

    static List<String> violations(Manifest manifest) {
        List<String> violations = new ArrayList<>();
        Class<?> model = ModelMapper.getApiTypeClass(manifest.apiVersion(), manifest.kind());
        if (model == null || model == DynamicKubernetesObject.class) {
            violations.add(manifest.id() + " is of the unknown type " + manifest.apiVersion() + " " + manifest.kind());
            return violations;
        }
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, manifest.json());
            // Types the validation takes on trust (a string where a number belongs) show when the model is read.
            if (JSON.getGson().fromJson(manifest.json(), model) == null) {
                violations.add(manifest.id() + " is empty");
            }
        } catch (InvocationTargetException e) {
            violations.add(manifest.id() + ": " + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            violations.add(manifest.id() + ": " + e.getMessage());
        }
        enums(manifest, manifest.kind(), manifest.json(), violations);
        return violations;
    }

    private static void enums(Manifest manifest, String path, JsonElement element, List<String> violations) {
        switch (element) {
            case JsonObject object ->
                object.entrySet()
                        .forEach(
                                member -> enums(manifest, path + "." + member.getKey(), member.getValue(), violations));
            case JsonArray array -> {
                for (int i = 0; i < array.size(); i++) {
                    enums(manifest, path + "." + i, array.get(i), violations);
                }
            }
            case JsonPrimitive value ->
                ENUMS.forEach((pattern, allowed) -> {
                    if (pattern.matcher(path).matches() && !allowed.contains(value.getAsString())) {
                        violations.add(manifest.id() + ": " + path + " is " + value + ", must be one of " + allowed);
                    }
                });
            default -> violations.add(manifest.id() + ": " + path + " is null");
        }
    }
}
