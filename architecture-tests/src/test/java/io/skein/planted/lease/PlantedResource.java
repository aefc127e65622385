package io.skein.planted.lease;

import org.jdbi.v3.core.Jdbi;

/** A resource with SQL in it. */
public class PlantedResource {
    void select(Jdbi jdbi) {
        jdbi.useHandle(handle -> handle.execute("select 1"));
    }
}
