package io.skein.frontdoor.oidc;

import io.skein.platform.auth.Role;
import java.util.Set;

/**
 * Who signs in, in Skein's words.
 *
 * @param subject what the issuer calls this person for ever; with the issuer the only thing an account is found by
 * @param name what a new account would like to be called
 */
record Person(String issuer, String subject, String name, String team, Set<Role> roles) {}
