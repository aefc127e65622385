package io.skein.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Speaks TLS with whoever connects and passes the bytes on to a server that speaks none: RabbitMQ, Redis, PostgreSQL or a service
 * with TLS, for a test.
 */
public final class TlsRelay implements AutoCloseable {

    private static final int POSTGRES_SSL_REQUEST_BYTES = 8;

    private final ServerSocket listening;
    private final SSLContext context;
    private final String host;
    private final int port;
    private final boolean postgres;
    private final AtomicInteger handshakes = new AtomicInteger();
    private volatile String counted;

    private TlsRelay(SSLContext context, String host, int port, boolean postgres) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.context = context;
        this.host = host;
        this.port = port;
        this.postgres = postgres;
        Thread.ofVirtual().start(this::accept);
    }

    /** Listens on a free port of 127.0.0.1. */
    public static TlsRelay to(String host, int port, TestCertificates.Leaf certificate) throws IOException {
        return new TlsRelay(contextWith(certificate), host, port, false);
    }

    /** The same for PostgreSQL, whose clients ask in the clear whether there is TLS. */
    public static TlsRelay toPostgres(String host, int port, TestCertificates.Leaf certificate) throws IOException {
        return new TlsRelay(contextWith(certificate), host, port, true);
    }

    private static SSLContext contextWith(TestCertificates.Leaf certificate) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(certificate.store(), TestCertificates.password());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** How many clients were content with the certificate. */
    public int handshakes() {
        return handshakes.get();
    }

    /** Also keeps the count in a system property, for a test that lives in another class loader. */
    public TlsRelay countingIn(String property) {
        counted = property;
        System.setProperty(property, String.valueOf(handshakes.get()));
        return this;
    }

    private void count() {
        int now = handshakes.incrementAndGet();
        if (counted != null) {
            System.setProperty(counted, String.valueOf(now));
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> relay(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void relay(Socket plain) {
        try (plain;
                Socket server = new Socket(host, port)) {
            if (postgres) {
                plain.getInputStream().readNBytes(POSTGRES_SSL_REQUEST_BYTES);
                plain.getOutputStream().write('S');
                plain.getOutputStream().flush();
            }
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
            client.setUseClientMode(false);
            client.startHandshake();
            count();
            Thread back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (IOException e) {
            // The client did not like what it saw, or left.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                out.flush();
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // One of them left; closing both ends it for the other.
            return;
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
