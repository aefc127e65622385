package io.skein.orchestrator.session;

import java.time.Instant;
import java.util.UUID;

/** Something said in a session; {@code role} is user or assistant. */
public record Message(UUID id, String role, String text, UUID planId, Instant createdAt) {}
