package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.contracts.readiness.UnsafeSetting;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** SEC-01: docs/hardening.md is what an operator reads when a service does not start, so it lists exactly what is refused. */
class UnsafeSettingListTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([^|]+) \\| ([^|]+) \\|$");

    record Row(String id, String what, String remedy) {}

    @Test
    void theDocumentListsEverySettingAndNoOther() {
        List<Row> documented = ROW.matcher(Modules.read(Modules.ROOT.resolve("docs/hardening.md")))
                .results()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                .toList();
        List<Row> real = Arrays.stream(UnsafeSetting.values())
                .map(setting -> new Row(setting.id(), setting.what(), setting.remedy()))
                .toList();
        assertEquals(real, documented);
    }

    @Test
    void theChartTakesEveryIdAndNoOther() {
        String schema = Modules.read(Modules.ROOT.resolve("helm/skein/values.schema.json"));
        String items = schema.substring(schema.indexOf("\"acceptUnsafe\""));
        String ids = items.substring(items.indexOf('[', items.indexOf("\"enum\"")), items.indexOf(']'));
        Set<String> real =
                Arrays.stream(UnsafeSetting.values()).map(UnsafeSetting::id).collect(Collectors.toSet());
        Set<String> taken = Pattern.compile("\"([a-z-]+)\"")
                .matcher(ids)
                .results()
                .map(id -> id.group(1))
                .collect(Collectors.toSet());
        assertEquals(real, taken);
    }
}
