package io.skein.local.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a service. Eight JVMs on somebody's own machine: each is told to be small. Only the first compiler tier
 * is used, because none of them computes anything for long and the second one costs memory and start-up time. Where a machine is
 * there for the fleet, {@value #OPTIONS} says otherwise, in flags of the JVM with blanks between them.
 */
final class JavaCommand {
    static final String OPTIONS = "SKEIN_JAVA_OPTIONS";

    private JavaCommand() {}

    /** @param options what {@value #OPTIONS} says, or null; of two flags that contradict each other the JVM takes the later one */
    static List<String> of(Service service, Path jar, String options) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-Xms" + Math.min(16, service.heapMegabytes() / 2) + "m",
                "-Xmx" + service.heapMegabytes() + "m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=20",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=" + (service == Service.DESKTOP_AGENT ? "24m" : "48m"),
                "-Xss" + (service == Service.DESKTOP_AGENT ? "256k" : "512k"),
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Djava.security.egd=file:/dev/urandom",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }
}
