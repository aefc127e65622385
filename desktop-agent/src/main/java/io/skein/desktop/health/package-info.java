/**
 * Says over HTTP how the agent is. The JDK's own small server: an HTTP framework would cost more memory than the rest of the
 * agent.
 */
package io.skein.desktop.health;
