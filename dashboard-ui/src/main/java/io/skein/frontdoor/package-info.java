/**
 * The front door: the one address people and tools know. Knows who calls ({@code identity}), signs tokens ({@code tokens}),
 * passes everything else on ({@code proxy}) and serves the web app ({@code web}). Keeps no state but accounts and keys.
 */
package io.skein.frontdoor;
