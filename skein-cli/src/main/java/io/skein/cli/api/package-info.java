/** HTTP, sign-in and server-sent events. Knows addresses and errors, not what plans are. */
package io.skein.cli.api;
