/** Agents of a team at work: started, paused, resumed, stopped, and which replica works for each. Knows nothing of what they do. */
package io.skein.runtime.instance;
