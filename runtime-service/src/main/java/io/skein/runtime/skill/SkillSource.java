package io.skein.runtime.skill;

import java.util.List;
import java.util.Optional;

/** Skills that are not known when Skein is built: the tools of the MCP servers an operator configured. */
public interface SkillSource {

    /** Asks nobody: a tool is found by its name as configured, also while its server is away. */
    Optional<Skill> find(String name);

    /** Those known at the moment. */
    List<Skill> known();
}
