/**
 * Access tokens: the signing key all replicas share, the JWK set, issuing to people and services, verifying. Depends on
 * {@code throttle} for the service secrets and on no other feature.
 */
package io.skein.frontdoor.tokens;
