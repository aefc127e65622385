package io.skein.infra.agent;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** This agent and what it works with. */
@ConfigMapping(prefix = "skein.infra-agent")
public interface AgentConfig {

    /**
     * Name of this agent, unique in the fleet; a restarted agent keeps it. Default: the name in its broker user. Environment:
     * {@code SKEIN_INFRA_AGENT_ID}.
     */
    Optional<String> id();

    /** Name of the machine, as its desktop agent reports it; default: the host name. Environment: {@code SKEIN_INFRA_AGENT_NODE}. */
    Optional<String> node();

    /** Team whose work it takes. Default: the team in its broker user. Environment: {@code SKEIN_INFRA_AGENT_TEAM}. */
    Optional<String> team();

    /** Folder with the playbooks. Environment: {@code SKEIN_INFRA_AGENT_REPOSITORY}. */
    Path repository();

    /** Folder for unpacked scripts and the files of running work; only this agent may use it. Environment: {@code SKEIN_INFRA_AGENT_WORK_DIR}. */
    Path workDir();

    /**
     * Folder that holds ansible-playbook, ansible-inventory, ansible-lint and python3; default: {@code .skein/ansible/bin}
     * of the checkout when there is one, else the PATH. Environment: {@code SKEIN_INFRA_AGENT_ANSIBLE_BIN}.
     */
    Optional<Path> ansibleBin();

    /** How many playbooks run at once. Environment: {@code SKEIN_INFRA_AGENT_SLOTS}. */
    @WithDefault("2")
    int slots();

    /** How many previews run at once, beside the playbooks. Environment: {@code SKEIN_INFRA_AGENT_PREVIEW_SLOTS}. */
    @WithDefault("1")
    int previewSlots();

    /** A preview is stopped after this, whatever was asked for. Environment: {@code SKEIN_INFRA_AGENT_PREVIEW_TIMEOUT}. */
    @WithDefault("2m")
    Duration previewTimeout();

    /** What of a preview is kept, as JSON; the rest is left out and said so. Environment: {@code SKEIN_INFRA_AGENT_PREVIEW_MAX_SIZE}. */
    @WithDefault("2M")
    MemorySize previewMaxSize();

    /** How often the repository is looked at for changes. Environment: {@code SKEIN_INFRA_AGENT_SCAN_INTERVAL}. */
    @WithDefault("2s")
    Duration scanInterval();

    /** Confidence from which a playbook counts as matched. Environment: {@code SKEIN_INFRA_AGENT_MATCH_THRESHOLD}. */
    @WithDefault("0.85")
    double matchThreshold();

    /** How long a run stays ours without a sign of life before another agent may call it interrupted. */
    @WithDefault("15s")
    Duration lease();

    /** How long a stopped playbook has to end by itself after the interrupt signal. */
    @WithDefault("5s")
    Duration interruptGrace();

    /** How long it has after that, when asked to terminate, before it is killed. */
    @WithDefault("3s")
    Duration terminateGrace();

    /** How long ansible-lint may take. */
    @WithDefault("30s")
    Duration lintTimeout();

    /** How often presence is sent. */
    @WithDefault("10s")
    Duration heartbeatInterval();
}
