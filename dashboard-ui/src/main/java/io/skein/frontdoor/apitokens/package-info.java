/**
 * API tokens: long-lived secrets for scripts, and for nodes and agents at the broker. At the gate one is exchanged for a short
 * access token of its owner, so the services know only those. Depends on {@code tokens} to sign and on {@code throttle}.
 */
package io.skein.frontdoor.apitokens;
