package io.skein.orchestrator.planning;

/**
 * Somebody who may know better what words mean. Asked for advice only: it chooses among what a person would be offered, and cannot
 * name anything else.
 */
public interface Adviser {

    Advice advise(Consultation consultation);
}
