/** {@code skein token}: an access token for scripts of the moment, API tokens for those that stay. */
package io.skein.cli.token;
