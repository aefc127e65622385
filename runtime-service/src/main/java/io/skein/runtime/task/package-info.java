/**
 * What instances do: tasks and their steps, queued by events, people and other agents, and the engine that carries them out so that a
 * crash of any replica neither loses nor repeats one.
 */
package io.skein.runtime.task;
