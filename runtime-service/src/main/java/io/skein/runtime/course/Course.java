package io.skein.runtime.course;

/**
 * Says what a task does next, from nothing but what it has done so far: a replica that takes a task over asks again and goes on.
 */
public interface Course {

    Move next(TaskSoFar task);
}
