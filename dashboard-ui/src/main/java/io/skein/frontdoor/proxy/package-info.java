/**
 * Passes {@code /api/v1/...} on to the service it belongs to, by stream, for callers with a valid token. Depends on {@code
 * tokens} to verify and on {@code apitokens} to exchange.
 */
package io.skein.frontdoor.proxy;
