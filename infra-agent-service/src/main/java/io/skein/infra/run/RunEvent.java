package io.skein.infra.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.wire.WireFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of what the supervisor and the callback say. */
sealed interface RunEvent {

    /** The process runs. */
    record Started(long pid) implements RunEvent {}

    /** A task ended on a host. */
    record Task(WorkStatus.TaskResult result) implements RunEvent {}

    /** A play has no host to run on. */
    record NoHosts(String play) implements RunEvent {}

    /** The recap. */
    record Stats(Map<String, WorkResult.HostRecap> hosts, List<String> notices) implements RunEvent {}

    /**
     * The process is gone.
     *
     * @param code exit code, null when a signal ended it
     * @param console the end of what Ansible printed beside its events
     */
    record Exit(Integer code, Integer signal, WorkResult.Usage usage, String console) implements RunEvent {}

    /** Something that is of no interest here: a play or a task began. */
    record Other() implements RunEvent {}

    static RunEvent parse(String line) {
        try {
            JsonNode node = WireFormat.mapper().readTree(line);
            return switch (node.path("e").asText()) {
                case "started" -> new Started(node.path("pid").asLong());
                case "result" -> task(node);
                case "no_hosts" -> new NoHosts(node.path("play").asText());
                case "stats" -> stats(node);
                case "exit" ->
                    new Exit(
                            node.hasNonNull("code") ? node.get("code").asInt() : null,
                            node.hasNonNull("signal") ? node.get("signal").asInt() : null,
                            new WorkResult.Usage(
                                    node.path("wall_ms").asLong(),
                                    node.path("cpu_ms").asLong(),
                                    node.path("max_rss").asLong()),
                            node.path("console").asText(""));
                default -> new Other();
            };
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Other();
        }
    }

    private static RunEvent task(JsonNode node) {
        return new Task(new WorkStatus.TaskResult(
                node.path("play").asText(),
                node.path("task").asText(),
                node.path("action").asText(),
                node.path("host").asText(),
                WorkStatus.TaskOutcome.valueOf(node.path("outcome").asText().toUpperCase(java.util.Locale.ROOT)),
                node.path("ignored").asBoolean(),
                node.path("ms").asLong(),
                node.path("msg").asText(""),
                node.hasNonNull("diff") ? node.get("diff") : null));
    }

    private static RunEvent stats(JsonNode node) {
        Map<String, WorkResult.HostRecap> hosts = new LinkedHashMap<>();
        node.path("hosts")
                .properties()
                .forEach(e -> hosts.put(
                        e.getKey(),
                        new WorkResult.HostRecap(
                                e.getValue().path("ok").asInt(),
                                e.getValue().path("changed").asInt(),
                                e.getValue().path("failed").asInt(),
                                e.getValue().path("skipped").asInt(),
                                e.getValue().path("unreachable").asInt())));
        List<String> notices = new ArrayList<>();
        node.path("notices").forEach(n -> notices.add(n.asText()));
        return new Stats(hosts, notices);
    }
}
