/** TLS from three variables: what this service shows, and whom it believes. Everything that opens a connection inside the fleet asks here. */
package io.skein.platform.tls;
