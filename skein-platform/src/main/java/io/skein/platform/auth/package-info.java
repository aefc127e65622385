/** Tokens: who calls, and this service's own. */
package io.skein.platform.auth;
