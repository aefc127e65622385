package io.skein.runtime.log;

/**
 * A version of a definition that an event wakes. Each version has triggers of its own: what is at work follows those it was started
 * with, whatever was published since.
 *
 * @param agent the definition's id
 * @param version null: any
 */
public record Woken(String agent, String version) {

    public boolean is(String otherAgent, String otherVersion) {
        return agent.equals(otherAgent) && (version == null || version.equals(otherVersion));
    }
}
