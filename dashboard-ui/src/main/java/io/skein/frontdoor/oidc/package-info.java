/**
 * Signing in with an OpenID Connect provider: the code flow with PKCE, what its claims mean here, and signing out there.
 * Depends on {@code identity} for the account and the sign-in, on {@code tokens} for a secret of the fleet's own and on
 * {@code throttle}.
 */
package io.skein.frontdoor.oidc;
