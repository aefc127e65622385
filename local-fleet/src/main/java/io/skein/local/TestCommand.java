package io.skein.local;

import io.skein.local.tests.TestRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/** {@code skein test}. */
@Command(
        name = "test",
        description = {
            "Run the whole test suite against real PostgreSQL, Redis and RabbitMQ, which it brings up itself.",
            "Whatever follows goes to Maven: ./skein test -pl lock-service -Dtest=LeaseTest",
            "The last line is \"N passed, N failed, N skipped\". Exit codes: 0 nothing failed, 1 something did,",
            "6 this machine lacks something."
        },
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {
    @ParentCommand
    LocalFleet fleet;

    @Unmatched
    List<String> mavenArguments = new ArrayList<>();

    @Override
    public Integer call() {
        return new TestRun(fleet.home(), fleet.console()).run(mavenArguments);
    }
}
