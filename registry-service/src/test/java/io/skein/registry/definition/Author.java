package io.skein.registry.definition;

import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.test.TestTokens;
import java.nio.charset.StandardCharsets;

/** Somebody of a team who writes definitions, with the roles they need and no other. */
record Author(String team) {

    static final String YAML = "application/yaml";

    static String definition(String id, String version) {
        return """
                metadata:
                  id: %s
                  name: The %s
                  version: %s
                  description: Waters the tomatoes in the greenhouse
                  tags: [garden, water]
                  suggestions: ['Is the soil dry?']
                  type: specialist
                goal:
                  mode: on_demand
                triggers:
                  - event: green.*
                    priority: high
                    filters: { subject: 'tree*' }
                skills:
                  - name: event.publish
                """.formatted(id, id, version);
    }

    RequestSpecification as(String... roles) {
        return given().auth()
                .oauth2(TestTokens.userOfTeam("ada", team, roles))
                .config(RestAssured.config()
                        .encoderConfig(encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                                .encodeContentTypeAs(YAML, ContentType.TEXT)));
    }

    RequestSpecification yaml(String body) {
        return as("operator").contentType(YAML).body(body.getBytes(StandardCharsets.UTF_8));
    }

    ValidatableResponse draft(String yaml) {
        return yaml(yaml).post("/api/v1/agents").then().statusCode(201);
    }

    ValidatableResponse importing(String yaml) {
        return yaml(yaml).post("/api/v1/agents/import").then();
    }

    ValidatableResponse put(String id, String yaml, String ifMatch) {
        RequestSpecification request = yaml(yaml);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch))
                .put("/api/v1/agents/" + id)
                .then();
    }

    ValidatableResponse publish(String id, String version) {
        return as("admin")
                .post("/api/v1/agents/" + id + "/publish?version=" + version)
                .then();
    }

    ValidatableResponse deprecate(String id, String version) {
        return as("admin")
                .post("/api/v1/agents/" + id + "/deprecate?version=" + version)
                .then();
    }

    ValidatableResponse delete(String id, String version) {
        return as("admin")
                .delete("/api/v1/agents/" + id + "?version=" + version)
                .then();
    }

    ValidatableResponse get(String path) {
        return as("viewer").get("/api/v1" + path).then();
    }

    ValidatableResponse published(String id, String version) {
        draft(definition(id, version));
        return publish(id, version).statusCode(200);
    }
}
