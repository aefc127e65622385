/**
 * The {@code skein} command: a client of the front door. It holds no logic of the fleet; whatever it shows, the API says.
 */
package io.skein.cli;
