package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** SEC-02: docs/errors.md is what clients program against, so it lists exactly the codes there are. */
class ErrorListTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}) \\| ([^|]+) \\| ([^|]+) \\|$");

    record Row(String code, int status, String title) {}

    @Test
    void theDocumentListsEveryCodeAndNoOther() {
        List<Row> documented = ROW.matcher(document())
                .results()
                .map(row -> new Row(
                        row.group(1),
                        Integer.parseInt(row.group(2)),
                        row.group(3).strip()))
                .toList();
        List<Row> real = Arrays.stream(ErrorCode.values())
                .map(code -> new Row(code.code(), code.status(), code.title()))
                .toList();
        assertEquals(real, documented);
    }

    @Test
    void everyCodeSaysWhatToDo() {
        ROW.matcher(document())
                .results()
                .forEach(row -> assertTrue(row.group(4).strip().length() > 20, row.group(1) + " has no advice"));
    }

    private static String document() {
        return Modules.read(Modules.ROOT.resolve("docs/errors.md"));
    }
}
