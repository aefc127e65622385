package io.skein.frontdoor.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which addresses count as one: a customer with IPv6 has 2^64 of them. */
final class AddressGroup {

    private AddressGroup() {}

    /** The address itself, or the /64 network of an IPv6 address. */
    static String of(String address) {
        int colon = address.indexOf(':');
        if (colon < 0) {
            return address;
        }
        String bare = address.toLowerCase(Locale.ROOT);
        int zone = bare.indexOf('%');
        if (zone >= 0) {
            bare = bare.substring(0, zone);
        }
        int gap = bare.indexOf("::");
        String[] head = (gap < 0 ? bare : bare.substring(0, gap)).split(":");
        List<String> network = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            network.add(i < head.length && !head[i].isEmpty() ? head[i].replaceFirst("^0+(?=.)", "") : "0");
        }
        // ::ffff:203.0.113.9 is one IPv4 address and not one of a whole network.
        return bare.startsWith("::ffff:") && bare.indexOf('.') > 0
                ? bare.substring(7)
                : String.join(":", network) + "::/64";
    }
}
