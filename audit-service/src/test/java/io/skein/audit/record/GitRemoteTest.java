package io.skein.audit.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-01: the remote is an address, never an option and never a command. */
class GitRemoteTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example/evidence.git",
                "https://bot:token@git.example:8443/evidence.git",
                "ssh://git@git.example:2222/evidence.git",
                "git@git.example:ops/evidence.git",
                "/srv/git/evidence.git",
                "file:///srv/git/evidence.git",
                "http://127.0.0.1:3000/evidence.git"
            })
    void anAddressIsTaken(String address) {
        assertEquals(address, new GitRemote(address).address());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c id",
                "ext::sh%20-c%20id",
                "fd::17",
                "--receive-pack=touch",
                "-oProxyCommand=touch@host:path",
                "git@-oProxyCommand=touch:path",
                "git@host:--receive-pack",
                "ssh://-oProxyCommand=touch/x",
                "ssh://-oProxyCommand=touch@host/x",
                "http://git.example/evidence.git",
                "git://git.example/evidence.git",
                "ftp://git.example/evidence.git",
                "amazon-s3://bucket/evidence.git",
                "file://host/evidence.git",
                "evidence.git",
                "../evidence.git",
                "https://",
                "https://git.example/a b",
                "https://git.example/a\nb",
                ""
            })
    void everythingElseIsRefusedWithoutBeingRepeated(String address) {
        var refused = assertThrows(IllegalArgumentException.class, () -> new GitRemote(address));
        assertFalse(address.length() > 12 && refused.getMessage().contains(address));
    }
}
