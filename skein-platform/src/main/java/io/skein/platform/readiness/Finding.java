package io.skein.platform.readiness;

import io.skein.contracts.readiness.UnsafeSetting;

/**
 * An unsafe setting as it was found here.
 *
 * @param where which variable says so and what it names; never a secret
 */
public record Finding(UnsafeSetting setting, String where) {

    /** For a log: one line whatever the configuration contains. */
    public Finding {
        where = where.replaceAll("\\p{Cntrl}", "?");
    }

    String line() {
        return setting.id() + ": " + setting.what() + " (" + where + "). " + setting.remedy() + ".";
    }
}
