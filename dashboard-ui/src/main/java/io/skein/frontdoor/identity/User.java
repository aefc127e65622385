package io.skein.frontdoor.identity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A person's account, without the password. */
record User(UUID id, String name, String team, List<String> roles, boolean disabled, Instant createdAt) {}
