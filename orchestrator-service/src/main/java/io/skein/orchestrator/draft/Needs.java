package io.skein.orchestrator.draft;

import com.fasterxml.jackson.annotation.JsonInclude;

/** What a step needs free on the machine that runs it; a null member means nothing particular. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Needs(Double cpuCores, Long memoryBytes, Long vramBytes) {

    public static final Needs NOTHING = new Needs(null, null, null);
}
