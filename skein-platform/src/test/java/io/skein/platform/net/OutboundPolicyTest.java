package io.skein.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-01, SSRF: which addresses a person may give. Names are those of this table, literals the JDK reads. */
class OutboundPolicyTest {

    private static final Map<String, List<String>> NAMES = Map.of(
            "public.example", List.of("93.184.216.34"),
            "public6.example", List.of("2606:2800:220:1:248:1893:25c8:1946"),
            "private.example", List.of("10.1.2.3"),
            "both.example", List.of("93.184.216.34", "127.0.0.1"),
            "metadata.example", List.of("169.254.169.254"),
            "mapped.example", List.of("::ffff:192.168.1.1"),
            "git.home.lan", List.of("192.168.1.10"),
            "evilgit.home.lan.example", List.of("192.168.1.10"),
            "loop.home.lan", List.of("127.0.0.1"),
            "localhost", List.of("127.0.0.1"));

    private static final OutboundPolicy STRICT = policy();
    private static final OutboundPolicy HOMELAB = policy("192.168.7.0/24", "git.home.lan", ".home.lan", "fd00:7::/32");

    static InetAddress[] table(String name) throws UnknownHostException {
        if (name.startsWith("[") || name.matches("[0-9.]+")) {
            return InetAddress.getAllByName(name);
        }
        List<String> addresses = NAMES.get(name);
        if (addresses == null) {
            throw new UnknownHostException(name);
        }
        InetAddress[] found = new InetAddress[addresses.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(addresses.get(i));
        }
        return found;
    }

    private static OutboundPolicy policy(String... allow) {
        return new OutboundPolicy(List.of("https", "http"), List.of(allow), OutboundPolicyTest::table);
    }

    @ParameterizedTest
    @CsvSource({
        "https://public.example/hook?x=1, 93.184.216.34, 443",
        "http://public.example, 93.184.216.34, 80",
        "HTTPS://PUBLIC.example.:8443/, 93.184.216.34, 8443",
        "https://public6.example, 2606:2800:220:1:248:1893:25c8:1946, 443",
        "https://93.184.216.34/, 93.184.216.34, 443",
        "'https://[2606:2800:220:1:248:1893:25c8:1946]/', 2606:2800:220:1:248:1893:25c8:1946, 443"
    })
    void thePublicInternetMayBeCalled(String url, String address, int port) throws UnknownHostException {
        OutboundTarget target = STRICT.check(url);
        assertEquals(InetAddress.getByName(address), target.address());
        assertEquals(port, target.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // schemes
                "file:///etc/passwd",
                "ftp://public.example/",
                "gopher://public.example:6379/_FLUSHALL",
                "jar:http://public.example!/",
                "javascript:alert(1)",
                "ext::sh -c id",
                "//public.example/",
                "public.example",
                "",
                // who it is for
                "https://ada:secret@public.example/",
                "https://public.example@127.0.0.1/",
                "https://127.0.0.1@public.example/",
                // this machine
                "http://127.0.0.1/",
                "http://127.0.0.1:8080/api",
                "http://localhost/",
                "http://LOCALHOST./",
                "http://127.8.9.10/",
                "http://0.0.0.0/",
                "http://0/",
                "http://[::1]/",
                "http://[::]/",
                "http://[0:0:0:0:0:0:0:1]/",
                // other ways to write it
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://017700000001/",
                "http://public.example.0x7f/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:0:53aa:64c:0:0:80ff:fffe]/",
                "http://①②⑦.0.0.1/",
                "http://127。0。0。1/",
                // networks nearby
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://metadata.example/",
                "http://192.0.0.192/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://239.255.255.250/",
                "http://255.255.255.255/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fc00::1]/",
                "http://[fd00:ec2::254]/",
                "http://[ff02::1]/",
                "http://[2001:db8::1]/",
                // names
                "http://private.example/",
                "http://mapped.example/",
                "http://both.example/",
                "http://nobody.example/",
                "http://git.home.lan/",
                "http://under_score.example/",
                // shapes
                "http://public.example:0/",
                "http://public.example:99999/",
                "http://public.example\\@127.0.0.1/",
                "http://public.example\r\nHost: x/",
                "http:///path",
                "http://?x"
            })
    void everythingElseIsRefused(String url) {
        assertThrows(RefusedAddressException.class, () -> STRICT.check(url));
    }

    @Test
    void aRefusalDoesNotRepeatTheAddress() {
        var refused = assertThrows(RefusedAddressException.class, () -> STRICT.check("http://ada:hunter2@10.0.0.1/"));
        assertFalse(refused.getMessage().contains("hunter2"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://192.168.7.9/, true",
        "http://192.168.8.9/, false",
        "http://[fd00:7::1]/, true",
        "http://[fd00:8::1]/, false",
        "http://git.home.lan:3000/, true",
        "http://evilgit.home.lan.example/, false",
        // A name opens private networks, never this machine.
        "http://loop.home.lan/, false",
        "http://metadata.example/, false",
        "http://127.0.0.1/, false"
    })
    void aHomelabOpensWhatItNames(String url, boolean allowed) {
        if (allowed) {
            assertTrue(HOMELAB.check(url).port() > 0);
        } else {
            assertThrows(RefusedAddressException.class, () -> HOMELAB.check(url));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/x", "300.1.1.1/8", "*", "http://x", "1.2", "a b", "0x7f.1"
            })
    void anAllowListThatMeansNothingStopsTheStart(String entry) {
        assertThrows(IllegalArgumentException.class, () -> policy(entry));
    }

    /** Planted: what a first attempt would ask of an address lets these through, and the table above has them. */
    @Test
    void theJdksOwnPredicatesAreNotEnough() throws UnknownHostException {
        for (String missed : List.of(
                "100.64.0.1", "192.0.0.192", "198.18.0.1", "fd00:ec2::254", "255.255.255.255", "64:ff9b::7f00:1")) {
            InetAddress address = InetAddress.getByName(missed);
            assertFalse(
                    address.isLoopbackAddress()
                            || address.isSiteLocalAddress()
                            || address.isLinkLocalAddress()
                            || address.isAnyLocalAddress()
                            || address.isMulticastAddress(),
                    missed);
            assertFalse(AddressBlocks.isPublic(address.getAddress()), missed);
        }
    }
}
