package io.skein.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority for one test, made with the JDK's keytool, and certificates it signs. */
public final class TestCertificates {

    private static final String PASSWORD = "only-for-this-test";

    private final Path folder;
    private final Path store;

    private TestCertificates(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("store.p12");
    }

    /** PEM files of one certificate with its chain, and of its key; the store holds both too. */
    public record Leaf(Path certificate, Path key, KeyStore store) {

        /** Writes this certificate over the files of another one, as a renewal does. */
        public void replace(Path folder, String alias) throws IOException {
            Files.writeString(folder.resolve(alias + ".key"), Files.readString(key));
            Files.writeString(folder.resolve(alias + ".pem"), Files.readString(certificate));
        }
    }

    /** A new authority; {@code folder} is made and keeps its files. */
    public static TestCertificates in(Path folder) throws IOException {
        Files.createDirectories(folder);
        TestCertificates made = new TestCertificates(folder);
        made.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA " + folder.getFileName(), "-ext", "bc:c");
        made.write(made.folder.resolve("ca.pem"), "CERTIFICATE", made.load().certificate("ca"));
        return made;
    }

    /** One that was made before, in another class loader. */
    public static TestCertificates existing(Path folder) {
        return new TestCertificates(folder);
    }

    /** What a client has to believe. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /**
     * @param names alternative names as keytool writes them: {@code dns:localhost}, {@code ip:127.0.0.1}
     */
    public Leaf leaf(String... names) throws IOException {
        String alias = "leaf" + (load().size() - 1);
        keytool(
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-signer",
                "ca",
                "-ext",
                "san=" + String.join(",", names));
        Path certificate = folder.resolve(alias + ".pem");
        Path key = folder.resolve(alias + ".key");
        Loaded loaded = load();
        write(certificate, "CERTIFICATE", loaded.chain(alias));
        write(key, "PRIVATE KEY", List.of(loaded.key(alias)));
        return new Leaf(certificate, key, loaded.only(alias));
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Loaded load() throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            loaded.load(in, PASSWORD.toCharArray());
            return new Loaded(loaded);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private record Loaded(KeyStore store) {

        int size() throws IOException {
            try {
                return store.size();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        List<byte[]> certificate(String alias) throws IOException {
            try {
                return List.of(store.getCertificate(alias).getEncoded());
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        List<byte[]> chain(String alias) throws IOException {
            try {
                List<byte[]> chain = new ArrayList<>();
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    chain.add(certificate.getEncoded());
                }
                return chain;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        byte[] key(String alias) throws IOException {
            try {
                return store.getKey(alias, PASSWORD.toCharArray()).getEncoded();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        /** A store with nothing else, so that a server cannot choose the authority's own certificate. */
        KeyStore only(String alias) throws IOException {
            try {
                KeyStore one = KeyStore.getInstance("PKCS12");
                one.load(null, null);
                one.setKeyEntry(
                        alias,
                        store.getKey(alias, PASSWORD.toCharArray()),
                        PASSWORD.toCharArray(),
                        store.getCertificateChain(alias));
                return one;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
    }

    static char[] password() {
        return PASSWORD.toCharArray();
    }

    private void write(Path file, String kind, List<byte[]> contents) throws IOException {
        StringBuilder pem = new StringBuilder();
        for (byte[] content : contents) {
            pem.append("-----BEGIN ").append(kind).append("-----\n");
            pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
            pem.append("\n-----END ").append(kind).append("-----\n");
        }
        Files.writeString(file, pem);
    }
}
