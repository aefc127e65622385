/** Takes secrets out of what is about to be kept: the second line, behind the senders who must not send them. Depends on nothing. */
package io.skein.audit.redaction;
