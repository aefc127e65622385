package io.skein.platform.net;

import java.net.InetAddress;
import java.net.URI;

/**
 * An address that may be called, and the one machine it meant when it was looked at. Whoever connects uses {@code address}, never the
 * name again: between two look-ups a name can change its mind.
 */
public record OutboundTarget(URI uri, String host, int port, boolean tls, InetAddress address) {

    boolean sameOrigin(OutboundTarget other) {
        return host.equals(other.host) && port == other.port && tls == other.tls;
    }
}
