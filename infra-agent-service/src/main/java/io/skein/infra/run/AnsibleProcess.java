package io.skein.infra.run;

import io.skein.contracts.wire.WireFormat;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.agent.AnsibleRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One {@code ansible-playbook} under its supervisor. Events wait in a bounded queue: when nobody takes them (the database is
 * away), Ansible itself waits at its pipe.
 */
final class AnsibleProcess {

    private static final int MAX_WAITING = 500;
    private static final int MAX_LINE = 2_000_000;

    private final Process supervisor;
    private final OutputStream orders;
    private final BlockingQueue<RunEvent> events = new ArrayBlockingQueue<>(MAX_WAITING);

    private AnsibleProcess(Process supervisor) {
        this.supervisor = supervisor;
        this.orders = supervisor.getOutputStream();
    }

    /**
     * @param arguments program first; passed as they are, there is no shell
     */
    static AnsibleProcess start(
            AnsibleRuntime ansible, AgentConfig config, UUID runId, List<String> arguments, Path console)
            throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(ansible.environment());
        environment.putAll(ansible.callbackEnvironment());
        byte[] order = WireFormat.write(Map.of(
                "argv",
                arguments,
                "env",
                environment,
                "cwd",
                ansible.repository().toString(),
                "console",
                console.toString(),
                "run",
                runId.toString(),
                "interrupt_seconds",
                config.interruptGrace().toMillis() / 1000.0,
                "terminate_seconds",
                config.terminateGrace().toMillis() / 1000.0));
        ProcessBuilder builder = new ProcessBuilder(
                        ansible.python().toString(),
                        "-I",
                        "-S",
                        ansible.supervisor().toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(console.toFile()));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        AnsibleProcess process = new AnsibleProcess(builder.start());
        Thread.ofPlatform().daemon().name("ansible-" + runId).start(process::read);
        process.send(order);
        return process;
    }

    /** The next event, or null when none came in time. The last one is {@link RunEvent.Exit}. */
    RunEvent next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Takes what is there without waiting. */
    void drain(List<RunEvent> target, int limit) {
        events.drainTo(target, limit);
    }

    /** Asks it to end; the supervisor insists. Harmless when it has ended. */
    void cancel() {
        try {
            send("cancel".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            supervisor.destroy(); // it does not read: its signal handler does the same
        }
    }

    /** Ends it without caring for its answer: the end of its input is an order, too. */
    void abandon() {
        try {
            orders.close();
        } catch (IOException e) {
            supervisor.destroy();
        }
    }

    private synchronized void send(byte[] line) throws IOException {
        orders.write(line);
        orders.write('\n');
        orders.flush();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(supervisor.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                RunEvent event = line.length() > MAX_LINE ? new RunEvent.Other() : RunEvent.parse(line);
                if (!(event instanceof RunEvent.Other)) {
                    events.put(event);
                }
                if (event instanceof RunEvent.Exit) {
                    return;
                }
            }
            lost();
        } catch (IOException e) {
            lost();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The supervisor itself was killed: there is no exit code to report. */
    private void lost() {
        try {
            events.put(new RunEvent.Exit(null, null, null, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
