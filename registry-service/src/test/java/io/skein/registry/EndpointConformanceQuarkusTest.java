package io.skein.registry;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.test.EndpointConformance;
import io.skein.test.SkeinInfrastructure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** FRONT-01, FRONT-02: no endpoint of this service lets a token in that is not quite right, nor a viewer change anything. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class EndpointConformanceQuarkusTest {

    @TestHTTPResource
    URI address;

    @Test
    void everyEndpointVerifiesTheTokenByItself() {
        assertEquals(List.of(), EndpointConformance.of(address).complaints(Set.of()));
    }

    @Test
    void viewersChangeNothing() {
        assertEquals(List.of(), EndpointConformance.of(address).complaintsOfViewers(Set.of()));
    }

    /** Or the web page of the API is a list of addresses. */
    @Test
    void everyEndpointSaysWhatItIsFor() {
        Map<String, Map<String, Object>> paths = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        List<String> silent = new ArrayList<>();
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            if (operation instanceof Map<?, ?> said && !(said.containsKey("summary") && said.containsKey("tags"))) {
                silent.add(method + " " + path);
            }
        }));
        assertEquals(List.of(), silent);
    }
}
