package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Says what a task does next, from nothing but what it has done so far: a replica that takes a task over asks again and goes on.
 */
public interface Course {

    Move next(TaskSoFar task);

    /** Whether it is the way of agents so defined. */
    default boolean canTake(JsonNode definition) {
        return false;
    }
}
