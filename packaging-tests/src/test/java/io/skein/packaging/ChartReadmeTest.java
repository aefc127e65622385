package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart's README, values.yaml and values.schema.json tell the same story. */
class ChartReadmeTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z0-9.<>-]+)` \\| (.*?) \\| (.+) \\|$");
    private static final String EACH = "services.<name>.";

    private static final String README = Repository.read(Repository.CHART.resolve("README.md"));
    private static final JsonObject VALUES = Manifest.parse(Repository.read(Repository.CHART.resolve("values.yaml")))
            .getFirst()
            .json();
    private static final JsonObject SCHEMA = JsonParser.parseString(
                    Repository.read(Repository.CHART.resolve("values.schema.json")))
            .getAsJsonObject();

    @Test
    void everyValueHasItsRowWithItsDefault() {
        Map<String, String> expected = new TreeMap<>();
        flatten("", VALUES)
                .forEach((path, value) -> expected.merge(
                        path.replaceFirst("^services\\.[a-z-]+\\.", EACH),
                        value,
                        (one, other) -> one.equals(other) ? one : "*"));
        Map<String, String> documented = new TreeMap<>();
        Matcher row = ROW.matcher(README.substring(README.indexOf("## Values"), README.indexOf("## Environment")));
        while (row.find()) {
            documented.put(row.group(1), row.group(2).replaceAll("^`|`$", ""));
        }
        // Where the services differ, the row says so in words.
        documented.replaceAll((path, value) -> "*".equals(expected.get(path)) ? "*" : value);
        assertEquals(expected, documented);
    }

    @Test
    void theSchemaKnowsEveryValueAndNoOther() {
        Set<String> inSchema = new TreeSet<>();
        properties("", SCHEMA, inSchema);
        inSchema.remove("global");
        assertEquals(new TreeSet<>(flatten("", VALUES).keySet()), inSchema);
    }

    @Test
    void everySecretKeyIsDocumented() {
        for (Fleet service : Fleet.services()) {
            assertTrue(README.contains("`password-" + service.schema() + "`"), service.schema());
            if (!service.name().equals(Fleet.FRONT_DOOR)) {
                assertTrue(README.contains("`service-" + service.name() + "`"), service.name());
            }
        }
    }

    @Test
    void everyVariableTheServicesReadIsDocumented() {
        Map<String, Set<String>> undocumented = new TreeMap<>();
        Set<String> services = new TreeSet<>(Fleet.names());
        services.add("desktop-agent");
        for (String service : services) {
            Set<String> names = new TreeSet<>(Environment.readBy(service));
            names.removeIf(name -> README.contains("`" + name + "`"));
            if (!names.isEmpty()) {
                undocumented.put(service, names);
            }
        }
        assertEquals(Map.of(), undocumented);
    }

    @Test
    void noVariableIsDocumentedThatNobodyReads() {
        Set<String> read = new TreeSet<>(Environment.readBy("desktop-agent"));
        Fleet.names().forEach(service -> read.addAll(Environment.readBy(service)));
        Set<String> unread = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(SKEIN_[A-Z0-9_]+)` \\|").matcher(README);
        while (row.find()) {
            if (!read.contains(row.group(1))) {
                unread.add(row.group(1));
            }
        }
        assertEquals(Set.of(), unread);
    }

    /** Dotted paths of the leaves; an empty map and a list are leaves. */
    private static Map<String, String> flatten(String prefix, JsonObject object) {
        Map<String, String> leaves = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            String path = prefix + member.getKey();
            if (member.getValue() instanceof JsonObject inner && !inner.isEmpty() && !path.endsWith(".resources")) {
                leaves.putAll(flatten(path + ".", inner));
            } else {
                JsonElement value = member.getValue();
                leaves.put(path, value.isJsonPrimitive() ? value.getAsString() : new Gson().toJson(value));
            }
        }
        return leaves;
    }

    private static void properties(String prefix, JsonObject schema, Set<String> paths) {
        for (Map.Entry<String, JsonElement> member :
                schema.getAsJsonObject("properties").entrySet()) {
            JsonObject inner = resolve(member.getValue().getAsJsonObject());
            String path = prefix + member.getKey();
            if (inner.has("properties") && !path.endsWith(".resources")) {
                assertEquals("false", inner.get("additionalProperties").getAsString(), path);
                properties(path + ".", inner, paths);
            } else {
                paths.add(path);
            }
        }
    }

    private static JsonObject resolve(JsonObject schema) {
        if (!schema.has("$ref")) {
            return schema;
        }
        String name = schema.get("$ref").getAsString().replace("#/$defs/", "");
        return SCHEMA.getAsJsonObject("$defs").getAsJsonObject(name);
    }
}
