package io.skein.orchestrator.language;

/**
 * A variable a playbook takes, as far as reading a sentence needs it.
 *
 * @param name for example {@code kuma_port}
 * @param type int, bool, list, str or whatever the playbook says; may be null
 * @param required the playbook cannot run without a value and has none
 */
public record Variable(String name, String type, boolean required) {

    public Variable(String name, String type) {
        this(name, type, false);
    }
}
