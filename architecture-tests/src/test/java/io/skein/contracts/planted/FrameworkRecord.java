package io.skein.contracts.planted;

import jakarta.ws.rs.core.Response;

/** A contract that needs a framework. */
public record FrameworkRecord(Response response) {}
