package io.skein.runtime.course;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** What a task does next. */
public sealed interface Move {

    /**
     * A step.
     *
     * @param as the name later steps know its output by, or null
     * @param note why, in the model's words, or null
     * @param costUsd what deciding it cost
     */
    record Use(String skill, ObjectNode input, String as, String note, BigDecimal costUsd) implements Move {}

    /**
     * A step that fails before it begins: what its input speaks of is not there.
     *
     * @param code an error code of the fleet
     */
    record Cannot(String skill, ObjectNode input, String as, String code, String message) implements Move {}

    /**
     * The end.
     *
     * @param code null when it went well, else an error code of the fleet
     * @param summary one sentence for a person
     */
    record End(String code, String summary, BigDecimal costUsd) implements Move {}
}
