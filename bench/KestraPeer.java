import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kestra.core.executor.command.Create;
import io.kestra.core.executor.command.ExecutionCommand;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.flows.FlowId;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.models.flows.State;
import io.kestra.core.queues.DispatchQueueInterface;
import io.kestra.core.runners.ExecutionTerminatedNotifier;
import io.kestra.core.runners.Executor;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Worker;
import io.kestra.core.server.Service;
import io.kestra.core.services.FlowService;
import io.kestra.core.worker.Controller;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Kestra in this process, as its standalone server without scheduler and web server: executor, controller, worker and indexer, with queue
 * and repository in an H2 database in a file, in a folder that is deleted at the end. What is committed reaches the file within half
 * a second, H2's default. The flow has three steps that return a constant.
 *
 * <p>Runs the flow once, says {@code ready}, and then is asked on standard input, a line each: {@code <clients> <times>}. So many
 * executions are run, by so many clients, each of which starts one, waits until Kestra tells that it is over, and starts the next. The
 * answer, a line on standard output: {@code <executions a second> <median milliseconds>}. It ends with its input, and with status 1 when
 * an execution does not succeed.
 *
 * <p>Whatever is not set here is as Kestra has it, and can be set as a system property by Kestra's name for it, for example
 * {@code -Dkestra.jdbc.queues.min-poll-interval=10ms}. What it needs: {@code bench/kestra.pom.xml}.
 */
public class KestraPeer {

    private static final String FLOW = """
            id: three_steps
            namespace: bench
            tasks:
              - id: step1
                type: io.kestra.plugin.core.debug.Return
                format: "1"
              - id: step2
                type: io.kestra.plugin.core.debug.Return
                format: "2"
              - id: step3
                type: io.kestra.plugin.core.debug.Return
                format: "3"
            """;

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        Path folder = Files.createTempDirectory("kestra-peer");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        Engine engine = new Engine(folder);
        answers.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] command = line.strip().split(" ");
            answers.println(measure(engine, Integer.parseInt(command[0]), Integer.parseInt(command[1])));
        }
        System.exit(0);
    }

    private static String measure(Engine engine, int clients, int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        double[] millis = new double[times];
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Void>> all = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int mine = client;
            Callable<Void> work = () -> {
                go.await();
                for (int i = mine; i < times; i += clients) {
                    long from = System.nanoTime();
                    engine.one();
                    millis[i] = (System.nanoTime() - from) / 1e6;
                }
                return null;
            };
            all.add(threads.submit(work));
        }
        long from = System.nanoTime();
        go.countDown();
        for (Future<Void> one : all) {
            one.get();
        }
        double rate = times / ((System.nanoTime() - from) / 1e9);
        threads.shutdown();
        Arrays.sort(millis);
        return String.format(Locale.ROOT, "%.2f %.2f", rate, millis[times / 2]);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    /** The servers, the flow, and who waits for which execution. */
    static final class Engine {

        private static final String TENANT = "main";

        private final Map<String, CompletableFuture<State.Type>> waiting = new ConcurrentHashMap<>();
        private final DispatchQueueInterface<ExecutionCommand> commands;
        private final FlowId flow;

        @SuppressWarnings("unchecked")
        Engine(Path folder) throws Exception {
            ApplicationContext context = ApplicationContext.builder()
                    .deduceEnvironment(false)
                    .banner(false)
                    .properties(properties(folder))
                    .singletons(new Ends(waiting))
                    .start();
            FlowWithSource created = context.getBean(FlowService.class).create(GenericFlow.fromYaml(TENANT, FLOW));
            flow = created.toFlowId();
            commands = context.getBean(DispatchQueueInterface.class, Qualifiers.byTypeArguments(ExecutionCommand.class));
            Executor executor = context.getBean(Executor.class);
            Controller controller = context.getBean(Controller.class);
            Worker worker = context.getBean(Worker.class);
            Indexer indexer = context.getBean(Indexer.class);
            Thread.startVirtualThread(executor);
            Thread.startVirtualThread(controller::start);
            Thread.startVirtualThread(() -> worker.start(Worker.defaultNumThreads()));
            Thread.startVirtualThread(indexer);
            untilRunning(executor, controller, worker, indexer);
            one();
        }

        private static Map<String, Object> properties(Path folder) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            return Map.ofEntries(
                    Map.entry("kestra.server-type", "STANDALONE"),
                    Map.entry("kestra.repository.type", "h2"),
                    Map.entry("kestra.queue.type", "h2"),
                    Map.entry(
                            "datasources.h2.url",
                            "jdbc:h2:file:" + folder.resolve("database")
                                    + ";LOCK_TIMEOUT=30000;TIME ZONE=UTC;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE"),
                    Map.entry("datasources.h2.username", "sa"),
                    Map.entry("datasources.h2.password", ""),
                    Map.entry("datasources.h2.driver-class-name", "org.h2.Driver"),
                    Map.entry("kestra.storage.type", "local"),
                    Map.entry("kestra.storage.local.base-path", folder.resolve("storage").toString()),
                    Map.entry("kestra.tasks.tmp-dir.path", folder.resolve("tasks").toString()),
                    Map.entry("kestra.controller.port", port),
                    Map.entry("kestra.worker.controllers.type", "STATIC"),
                    Map.entry("kestra.worker.controllers.static.endpoints[0].host", "localhost"),
                    Map.entry("kestra.worker.controllers.static.endpoints[0].port", port),
                    Map.entry("kestra.server.service.purge.initial-delay", "1h"),
                    Map.entry("kestra.server.service.purge.fixed-delay", "1d"),
                    Map.entry("kestra.anonymous-usage-report.enabled", false));
        }

        private static void untilRunning(Service... services) throws InterruptedException {
            long from = System.nanoTime();
            for (Service service : services) {
                while (service.getState() != Service.ServiceState.RUNNING) {
                    if (System.nanoTime() - from > TimeUnit.MINUTES.toNanos(1)) {
                        throw new IllegalStateException(service.getType() + " is " + service.getState());
                    }
                    Thread.sleep(20);
                }
            }
        }

        /** Starts an execution and waits for its end. */
        void one() throws Exception {
            Create create = Create.of(flow);
            CompletableFuture<State.Type> end = new CompletableFuture<>();
            waiting.put(create.executionId(), end);
            commands.emit(create);
            State.Type state = end.get(1, TimeUnit.MINUTES);
            if (state != State.Type.SUCCESS) {
                throw new IllegalStateException("an execution is " + state);
            }
        }
    }

    /** Told by the executor of every execution that is over, once its last state is committed. */
    static final class Ends implements ExecutionTerminatedNotifier {

        private final Map<String, CompletableFuture<State.Type>> waiting;

        Ends(Map<String, CompletableFuture<State.Type>> waiting) {
            this.waiting = waiting;
        }

        @Override
        public void executionTerminated(Execution execution) {
            CompletableFuture<State.Type> end = waiting.remove(execution.getId());
            if (end != null) {
                end.complete(execution.getState().getCurrent());
            }
        }
    }
}
