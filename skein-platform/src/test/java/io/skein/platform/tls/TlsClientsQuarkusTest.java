package io.skein.platform.tls;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** SEC-01: one variable, {@code SKEIN_TLS_TRUST}, and everything a service connects to is reached over TLS. */
@QuarkusTest
@TestProfile(TlsClientsQuarkusTest.Profile.class)
class TlsClientsQuarkusTest {

    public static class Profile implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(TlsInfrastructure.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @Inject
    Jdbi jdbi;

    @Test
    void everyConnectionIsMadeOverTls() {
        int before = TlsInfrastructure.handshakes(TlsInfrastructure.FRONT_DOOR);
        // The keys to check this token with come over HTTPS, and so does the service's own token.
        given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/probe/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("ada"));
        given().get("/probe/service-token").then().statusCode(200);
        assertTrue(TlsInfrastructure.handshakes(TlsInfrastructure.FRONT_DOOR) > before);

        assertTrue(TlsInfrastructure.handshakes(TlsInfrastructure.POSTGRES) > 0);

        given().auth()
                .oauth2(TestTokens.user("ada", "operator"))
                .post("/probe/events/sealed.one")
                .then()
                .statusCode(204);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbi.withHandle(h -> h.createQuery("SELECT count(*) FROM noted WHERE type = 'sealed.one'")
                                .mapTo(Integer.class)
                                .one())
                        == 1);
        assertTrue(TlsInfrastructure.handshakes(TlsInfrastructure.BROKER) > 0);
    }
}
