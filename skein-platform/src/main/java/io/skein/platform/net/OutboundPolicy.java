package io.skein.platform.net;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which addresses that people give may be called. */
@ApplicationScoped
public class OutboundPolicy {

    private static final int MAX_LENGTH = 2048;
    private static final Pattern DOTTED =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    /** As browsers read it: 127.1, 2130706433, 0x7f.1 and 0177.0.0.1 all are addresses, and none is written as one. */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

    private final Set<String> schemes = new TreeSet<>();
    private final Set<String> names = new TreeSet<>();
    private final List<Cidr> blocks = new ArrayList<>();
    private final Resolver resolver;

    /** How a name becomes addresses; the machine's own way unless a test has another. */
    interface Resolver {
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    @Inject
    public OutboundPolicy(OutboundConfig config) {
        this(config.schemes(), config.allow().orElse(List.of()), InetAddress::getAllByName);
    }

    /**
     * @throws IllegalArgumentException when the allow-list has an entry that is neither a name nor a block
     */
    OutboundPolicy(List<String> schemes, List<String> allow, Resolver resolver) {
        this.resolver = resolver;
        schemes.forEach(scheme -> this.schemes.add(scheme.strip().toLowerCase(Locale.ROOT)));
        for (String entry : allow) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            if (text.matches("\\.?[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*")
                    && !ENDS_IN_NUMBER.matcher(text).matches()) {
                names.add(text);
            } else if (!text.isEmpty()) {
                blocks.add(Cidr.parse(text));
            }
        }
    }

    /**
     * Looks the name up, once, and gives what to connect to.
     *
     * @throws RefusedAddressException when it may not be called, or means nothing
     */
    public OutboundTarget check(String url) {
        URI uri = parse(url);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!schemes.contains(scheme)) {
            throw new RefusedAddressException("Only " + String.join(" and ", schemes) + " addresses are called.");
        }
        if (uri.getRawUserInfo() != null) {
            throw new RefusedAddressException("An address must not contain a user name or password.");
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        if (port < 1 || port > 65535) {
            throw new RefusedAddressException("The address has no usable port.");
        }
        String host = host(uri);
        InetAddress[] addresses = addresses(host);
        for (InetAddress address : addresses) {
            // All of them: which one is connected to is the network's choice otherwise.
            if (!isAllowed(host, address)) {
                throw new RefusedAddressException("The address leads into a network that may not be called from here."
                        + " An operator can open it with SKEIN_OUTBOUND_ALLOW.");
            }
        }
        return new OutboundTarget(uri, host, port, tls, addresses[0]);
    }

    private static URI parse(String url) {
        if (url == null || url.length() > MAX_LENGTH) {
            throw new RefusedAddressException("The address is longer than " + MAX_LENGTH + " characters.");
        }
        try {
            URI uri = new URI(url);
            if (uri.getScheme() == null || uri.isOpaque() || uri.getHost() == null) {
                throw new RefusedAddressException("This is not an address with a scheme and a host.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new RefusedAddressException("This is not an address with a scheme and a host.");
        }
    }

    private static String host(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        if (host.contains("%")) {
            throw new RefusedAddressException("An address must not name a network interface.");
        }
        if (ENDS_IN_NUMBER.matcher(host).matches() && !DOTTED.matcher(host).matches()) {
            throw new RefusedAddressException("Write an IPv4 address with four decimal numbers.");
        }
        return host;
    }

    private InetAddress[] addresses(String host) {
        try {
            InetAddress[] addresses = resolver.resolve(host);
            if (addresses.length == 0) {
                throw new UnknownHostException(host);
            }
            return addresses;
        } catch (UnknownHostException e) {
            throw new RefusedAddressException("There is no machine of this name.");
        }
    }

    private boolean isAllowed(String host, InetAddress address) {
        byte[] bytes = AddressBlocks.unmapped(address.getAddress());
        return AddressBlocks.isPublic(bytes)
                || blocks.stream().anyMatch(block -> block.contains(bytes))
                || isNamed(host) && AddressBlocks.isPrivate(bytes);
    }

    private boolean isNamed(String host) {
        return names.stream().anyMatch(name -> name.startsWith(".") ? host.endsWith(name) : host.equals(name));
    }
}
