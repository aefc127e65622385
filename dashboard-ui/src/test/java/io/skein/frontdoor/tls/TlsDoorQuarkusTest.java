package io.skein.frontdoor.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.platform.tls.FleetTls;
import io.skein.test.TestCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** FRONT-04, SEC-01: TLS by two variables, certificates renewed without a restart. */
@QuarkusTest
@TestProfile(TlsDoorQuarkusTest.Profile.class)
class TlsDoorQuarkusTest {

    public static class Profile implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(TlsDoor.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @TestHTTPResource(value = "/", tls = true)
    URL door;

    @Test
    void browsersAreToldToStayOnHttpsAndTheCookieIsSecure() throws Exception {
        HttpResponse<String> health = get(trusting(authority()), door + "health");
        assertEquals(200, health.statusCode());
        assertTrue(health.headers()
                .firstValue("Strict-Transport-Security")
                .orElse("")
                .startsWith("max-age=31536000"));
        // The one service with TLS answered, over TLS, and a wrong name or CA would have made it unreachable.
        assertTrue(health.body().matches("(?s).*\"lock-service\",\"status\":\"ready\".*"), health.body());
        assertTrue(TlsDoor.handshakes(TlsDoor.LOCKS) > 0);
    }

    @Test
    void thePlainPortOnlyRedirects() throws Exception {
        // As browsers do: over plain text they do not offer HTTP/2.
        HttpResponse<String> answer = get(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                "http://localhost:" + System.getProperty(TlsDoor.REDIRECT_PORT) + "/health");
        assertTrue(
                answer.statusCode() == 301 || answer.statusCode() == 307 || answer.statusCode() == 308,
                answer.toString());
        assertTrue(answer.headers().firstValue("Location").orElse("").startsWith("https://"), answer.toString());
        assertEquals("", answer.body());
    }

    @Test
    void whoDoesNotKnowTheAuthorityDoesNotConnect() throws IOException {
        TestCertificates other = TestCertificates.in(Files.createTempDirectory("other-ca"));
        assertThrows(SSLHandshakeException.class, () -> get(trusting(other), door + "health"));
    }

    @Test
    void redisIsReachedOverTls() throws Exception {
        // A wrong password is counted in Redis.
        HttpResponse<String> refused = trusting(authority())
                .send(
                        HttpRequest.newBuilder(URI.create(door + "api/v1/auth/sign-in"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"username\":\"nobody\",\"password\":\"not the right one\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(401, refused.statusCode(), refused.body());
        assertTrue(TlsDoor.handshakes(TlsDoor.REDIS) > 0);
    }

    @Test
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        BigInteger before = servedSerial();
        TestCertificates.Leaf renewed = authority().leaf("dns:localhost", "ip:127.0.0.1");
        renewed.replace(Path.of(System.getProperty(TlsDoor.FOLDER)), "leaf0");
        await().atMost(Duration.ofSeconds(3L * TlsDoor.RELOAD_SECONDS))
                .pollInterval(Duration.ofSeconds(1))
                // Key and certificate are two files: a look between their replacements has one of each, until the next
                // look.
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> !servedSerial().equals(before));
        X509Certificate file = (X509Certificate)
                renewed.store().getCertificate(renewed.store().aliases().nextElement());
        assertEquals(file.getSerialNumber(), servedSerial());
        assertNotEquals(before, servedSerial());
    }

    /** Of a new connection each time: the client would otherwise go on with the one it has. */
    private BigInteger servedSerial() throws IOException, InterruptedException {
        HttpResponse<String> answer = get(trusting(authority()), door + "q/health/live");
        return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0]).getSerialNumber();
    }

    private static TestCertificates authority() {
        return TestCertificates.existing(Path.of(System.getProperty(TlsDoor.FOLDER)));
    }

    private static HttpClient trusting(TestCertificates certificates) {
        return trusting(certificates.authority());
    }

    private static HttpClient trusting(Path authority) {
        SSLContext context = FleetTls.trusting(authority).context();
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
