package io.skein.platform.net;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which addresses are the public internet's (IANA's special-purpose registries, RFC 6890). What is not known to be public is not. */
final class AddressBlocks {

    private static final List<Cidr> NOT_PUBLIC_4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** In IPv6 it is shorter to say what is public: this, without the blocks that carry an IPv4 address or stand for nothing. */
    private static final Cidr PUBLIC_6 = Cidr.parse("2000::/3");

    private static final List<Cidr> NOT_PUBLIC_6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /** What people mean by "my network": a name on the allow-list may lead here. */
    private static final List<Cidr> PRIVATE =
            blocks("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

    private AddressBlocks() {}

    static boolean isPublic(byte[] address) {
        byte[] bytes = unmapped(address);
        return bytes.length == 4
                ? NOT_PUBLIC_4.stream().noneMatch(block -> block.contains(bytes))
                : PUBLIC_6.contains(bytes) && NOT_PUBLIC_6.stream().noneMatch(block -> block.contains(bytes));
    }

    static boolean isPrivate(byte[] address) {
        byte[] bytes = unmapped(address);
        return PRIVATE.stream().anyMatch(block -> block.contains(bytes));
    }

    /** {@code ::ffff:10.0.0.1} is 10.0.0.1 to whoever connects to it. */
    static byte[] unmapped(byte[] address) {
        if (address.length == 16 && Cidr.parse("::/80").contains(address) && address[10] == -1 && address[11] == -1) {
            return Arrays.copyOfRange(address, 12, 16);
        }
        return address;
    }

    private static List<Cidr> blocks(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }
}
