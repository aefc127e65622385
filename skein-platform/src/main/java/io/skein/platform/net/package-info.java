/**
 * Calls to addresses that a person or a model gave (webhooks, model servers, skills over HTTP). Whatever such an address claims to be,
 * it is resolved once, held against the policy and connected to as it was resolved, for each hop anew. Addresses that only the operator
 * sets do not come here; docs/hardening.md lists them.
 */
package io.skein.platform.net;
