package io.skein.platform.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A block of addresses: {@code 10.0.0.0/8}, {@code fc00::/7}; without a length, one address. */
record Cidr(byte[] prefix, int length) {

    private static final Pattern LITERAL =
            Pattern.compile("(?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * @throws IllegalArgumentException when it is none, or has bits set behind its length
     */
    static Cidr parse(String text) {
        String[] parts = text.strip().split("/", 2);
        // Anything else would be looked up as a name.
        if (!LITERAL.matcher(parts[0]).matches()) {
            throw new IllegalArgumentException(text + " is not a block of addresses");
        }
        try {
            byte[] prefix = InetAddress.getByName(parts[0]).getAddress();
            int length = parts.length == 1 ? prefix.length * 8 : Integer.parseInt(parts[1]);
            Cidr cidr = new Cidr(prefix, length);
            if (length < 0 || length > prefix.length * 8 || !cidr.isClean()) {
                throw new IllegalArgumentException(text + " is not a block of addresses");
            }
            return cidr;
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(text + " is not a block of addresses", e);
        }
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private boolean isClean() {
        for (int bit = length; bit < prefix.length * 8; bit++) {
            if ((prefix[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }
}
