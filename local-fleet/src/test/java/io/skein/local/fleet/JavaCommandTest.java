package io.skein.local.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    private static final Path JAR = Path.of("quarkus-run.jar");

    @Test
    void givenFlagsComeAfterOursAndBeforeTheProgram() {
        List<String> command = JavaCommand.of(Service.LOCK, JAR, " -Xmx512m  -XX:TieredStopAtLevel=4 ");
        assertEquals(List.of("-Xmx512m", "-XX:TieredStopAtLevel=4", "-jar", "quarkus-run.jar"), last(command, 4));
        assertTrue(command.indexOf("-XX:TieredStopAtLevel=1") < command.indexOf("-XX:TieredStopAtLevel=4"));
    }

    @Test
    void withoutAnyNothingIsAdded() {
        List<String> ours = JavaCommand.of(Service.LOCK, JAR, null);
        assertEquals(ours, JavaCommand.of(Service.LOCK, JAR, "  "));
        assertEquals(List.of("-jar", "quarkus-run.jar"), last(ours, 2));
    }

    private static List<String> last(List<String> command, int count) {
        return command.subList(command.size() - count, command.size());
    }
}
