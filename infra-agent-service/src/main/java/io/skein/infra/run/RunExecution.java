package io.skein.infra.run;

import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.suggest.Linter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** One run from the claimed row to its result, on a thread of its own. */
final class RunExecution {

    private static final Logger LOG = Logger.getLogger(RunExecution.class);
    private static final int BATCH = 200;
    private static final long TICK_MILLIS = 250;
    private static final long RETRY_MILLIS = 500;
    private static final int MAX_REASON = 2000;

    /** Why a run is being stopped. */
    enum Stop {
        CANCEL,
        TIMEOUT,
        SHUTDOWN,
        /** Somebody else has declared it interrupted: end it, say nothing. */
        LOST
    }

    private final Run run;
    private final RunService service;
    private final Admission admission;
    private final AnsibleRuntime ansible;
    private final AgentConfig config;
    private final Catalogue catalogue;
    private final Linter linter;
    private final Answers answers;

    private final List<String> failures = new ArrayList<>();
    private long sequence;
    private RunEvent.Stats stats = new RunEvent.Stats(Map.of(), List.of());
    private boolean anyTask;
    private boolean noHosts;
    private final PreviewTasks preview;
    private Redactor redactor;
    private volatile AnsibleProcess process;
    private volatile Stop stop;
    private volatile String stopReason;

    RunExecution(
            Run run,
            RunService service,
            Admission admission,
            AnsibleRuntime ansible,
            AgentConfig config,
            Catalogue catalogue,
            Linter linter,
            Answers answers) {
        this.run = run;
        this.service = service;
        this.admission = admission;
        this.ansible = ansible;
        this.config = config;
        this.catalogue = catalogue;
        this.linter = linter;
        this.answers = answers;
        this.sequence = run.lastSequence();
        this.preview = new PreviewTasks(config.previewMaxSize().asLongValue());
    }

    Run run() {
        return run;
    }

    /** Asks it to stop; the first reason counts, except that a lost run says nothing any more. */
    synchronized void stop(Stop why, String reason) {
        if (stop == null || why == Stop.LOST) {
            stop = why;
            stopReason = reason;
        }
        AnsibleProcess running = process;
        if (running != null) {
            running.cancel();
        }
    }

    /** Runs it. Returns when the result is durable, or the run is not ours any more. */
    void execute() throws InterruptedException {
        Path folder = ansible.workDir().resolve("runs").resolve(run.requestId().toString());
        WorkResult result;
        try {
            result = attempt(folder);
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "work %s could not be run", run.requestId());
            AnsibleProcess started = process;
            if (started != null) {
                started.abandon();
            }
            result = answers.without(
                    run,
                    started == null ? WorkResult.Outcome.FAILED : WorkResult.Outcome.INTERRUPTED,
                    "the agent could not run it: " + e.getMessage());
        } finally {
            delete(folder);
        }
        if (result != null && stop != Stop.LOST) {
            WorkResult last = result;
            if (persist(() -> service.finish(run, last))) {
                LOG.infof(
                        "work %s (%s) %s",
                        run.requestId(),
                        run.request().playbook(),
                        last.outcome().wire());
            }
        }
    }

    /** Null when the run is not ours any more. */
    private WorkResult attempt(Path folder) throws IOException, InterruptedException {
        WorkRequest request = run.request();
        Playbook playbook = catalogue.readNow(request.playbook()).orElseThrow(() -> new IOException("it is gone"));
        redactor = Redactor.of(request.variables(), admission.secrets(request), admission.inventorySecrets(request));
        Files.createDirectories(folder);
        Path variables = folder.resolve("variables.yml");
        ExtraVariables.write(variables, admission.variables(request, playbook));
        synchronized (this) {
            if (stop != null) {
                return stopped();
            }
            process = AnsibleProcess.start(
                    ansible, config, run.requestId(), arguments(request, variables), folder.resolve("console.log"));
        }
        long seconds = request.isPreview()
                ? Math.min(request.timeoutSeconds(), config.previewTimeout().toSeconds())
                : request.timeoutSeconds();
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (true) {
            RunEvent event = process.next(TICK_MILLIS);
            if (event == null) {
                if (stop == null && System.nanoTime() > deadline) {
                    stop(
                            Stop.TIMEOUT,
                            "stopped after " + seconds + " s, the time limit of this "
                                    + (request.isPreview() ? "preview" : "step"));
                }
                continue;
            }
            List<RunEvent> batch = new ArrayList<>();
            batch.add(event);
            process.drain(batch, BATCH);
            if (!handle(batch)) {
                return null;
            }
            if (batch.getLast() instanceof RunEvent.Exit exit) {
                return result(exit);
            }
        }
    }

    private List<String> arguments(WorkRequest request, Path variables) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                ansible.find("ansible-playbook")
                        .orElseThrow(() -> new IOException("ansible-playbook is gone"))
                        .toString(),
                "--inventory",
                ansible.repository().resolve(request.inventory()).toString(),
                "--limit",
                String.join(",", request.hosts()),
                "--extra-vars",
                "@" + variables,
                "--diff"));
        if (request.checkMode() || request.isPreview()) {
            arguments.add("--check");
        }
        arguments.add(ansible.repository().resolve(request.playbook()).toString());
        return arguments;
    }

    private boolean handle(List<RunEvent> batch) throws InterruptedException {
        List<WorkStatus.TaskResult> tasks = new ArrayList<>();
        for (RunEvent event : batch) {
            switch (event) {
                case RunEvent.Started started -> {
                    sequence++;
                    persist(() -> {
                        service.started(
                                run,
                                sequence,
                                started.pid(),
                                ProcessHandle.of(started.pid())
                                        .flatMap(p -> p.info().startInstant())
                                        .orElse(null));
                        return true;
                    });
                }
                case RunEvent.Task task -> tasks.add(note(task.result()));
                case RunEvent.NoHosts ignored -> noHosts = true;
                case RunEvent.Stats recap -> stats = recap;
                case RunEvent.Exit ignored -> {
                    /* the caller ends the run */
                }
                case RunEvent.Other ignored -> {
                    /* filtered by the reader */
                }
            }
        }
        if (run.request().isPreview()) {
            tasks.forEach(preview::add);
            return true;
        }
        if (tasks.isEmpty()) {
            return true;
        }
        long before = sequence;
        boolean ours = persist(() -> service.progress(run, before, tasks));
        sequence += tasks.size();
        if (!ours) {
            LOG.warnf("work %s was declared interrupted by somebody else; ending its process", run.requestId());
            stop = Stop.LOST;
            process.abandon();
        }
        return ours;
    }

    private WorkStatus.TaskResult note(WorkStatus.TaskResult raw) {
        WorkStatus.TaskResult task = new WorkStatus.TaskResult(
                raw.play(),
                redactor.clean(raw.task()),
                raw.action(),
                raw.host(),
                raw.outcome(),
                raw.ignored(),
                raw.durationMillis(),
                redactor.clean(raw.message()),
                redactor.clean(raw.diff()));
        anyTask = true;
        boolean bad =
                task.outcome() == WorkStatus.TaskOutcome.FAILED || task.outcome() == WorkStatus.TaskOutcome.UNREACHABLE;
        if (bad && !task.ignored()) {
            failures.add(task.host() + ": task \"" + task.task() + "\" "
                    + (task.outcome() == WorkStatus.TaskOutcome.FAILED ? "failed" : "could not reach the host")
                    + (task.message().isBlank() ? "" : ": " + task.message()));
        }
        return task;
    }

    private WorkResult result(RunEvent.Exit exit) {
        if (stop == Stop.LOST) {
            return null;
        }
        WorkResult.Outcome outcome;
        String reason = null;
        if (exit.console() == null) {
            Leftovers.kill(run.requestId(), null, null);
            outcome = WorkResult.Outcome.INTERRUPTED;
            reason = "the process was killed from outside; what it had changed by then is unknown";
        } else if (Objects.equals(exit.code(), 0)) {
            boolean idle = noHosts && !anyTask;
            outcome = idle ? WorkResult.Outcome.FAILED : WorkResult.Outcome.COMPLETED;
            reason = idle ? "none of the approved hosts is meant by the playbook; nothing was done" : null;
        } else if (stop != null) {
            outcome = stoppedOutcome();
            reason = stopReason;
        } else {
            outcome = WorkResult.Outcome.FAILED;
            reason = failure(exit);
        }
        boolean adviseOn = outcome == WorkResult.Outcome.FAILED
                && stop == null
                && !run.request().isPreview();
        WorkResult result = new WorkResult(
                run.request().planId(),
                run.request().stepId(),
                outcome,
                exit.code(),
                cut(redactor.clean(reason)),
                sequence,
                stats.hosts(),
                stats.notices().stream().map(redactor::clean).toList(),
                adviseOn ? linter.suggestOrNone(run.request().playbook()) : List.of(),
                exit.usage(),
                run.startedAt(),
                answers.now());
        return run.request().isPreview() ? result.withPreview(preview.result()) : result;
    }

    private WorkResult stopped() {
        return stop == Stop.LOST ? null : answers.without(run, stoppedOutcome(), stopReason);
    }

    private WorkResult.Outcome stoppedOutcome() {
        return switch (stop) {
            case CANCEL -> WorkResult.Outcome.CANCELLED;
            case TIMEOUT -> WorkResult.Outcome.FAILED;
            case SHUTDOWN, LOST -> WorkResult.Outcome.INTERRUPTED;
        };
    }

    /** What failed, as a sentence: the failing task, else what Ansible complained about, else its exit code. */
    private String failure(RunEvent.Exit exit) {
        if (!failures.isEmpty()) {
            return failures.size() == 1
                    ? failures.getFirst()
                    : failures.getFirst() + " (and " + (failures.size() - 1) + " more)";
        }
        String complaint = exit.console()
                .lines()
                .filter(line -> line.contains("ERROR"))
                .findFirst()
                .map(line -> line.replace(ansible.repository() + "/", ""))
                .orElse("");
        return exit.code() == null
                ? "ansible-playbook was ended by signal " + exit.signal()
                : "ansible-playbook ended with exit code " + exit.code()
                        + (complaint.isEmpty() ? "" : ": " + complaint);
    }

    private interface Write {
        boolean now();
    }

    /** Writes, however long the database is away: what happened has happened and must not be forgotten. */
    private boolean persist(Write write) throws InterruptedException {
        boolean failing = false;
        while (true) {
            try {
                return write.now();
            } catch (RuntimeException e) {
                if (stop == Stop.LOST) {
                    return false;
                }
                if (!failing) {
                    LOG.warnf("work %s: not written yet, trying on: %s", run.requestId(), e.getMessage());
                    failing = true;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private static String cut(String reason) {
        return reason == null || reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + " …";
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warnf("files of a run are left in %s; delete them: %s", folder, e.getMessage());
        }
    }
}
