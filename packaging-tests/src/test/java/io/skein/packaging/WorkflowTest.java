package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The workflows may do as little as they need, use what is pinned, and run what everybody runs. */
class WorkflowTest {

    static List<Path> workflows() {
        return Repository.files(Repository.ROOT.resolve(".github/workflows"), ".yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void keepsTheRules(Path file) {
        assertEquals(List.of(), violations(Repository.read(file)));
    }

    @Test
    void everyPushRunsTheOneScript() {
        String ci = Repository.read(Repository.ROOT.resolve(".github/workflows/ci.yml"));
        assertTrue(ci.contains("run: .ci/run"));
        String script = Repository.read(Repository.ROOT.resolve(".ci/run"));
        assertTrue(script.contains("./skein test"), script);
    }

    @Test
    void everyServiceIsReleased() {
        String images = Repository.read(Repository.ROOT.resolve(".github/workflows/images.yml"));
        Fleet.names().forEach(service -> assertTrue(images.contains("- " + service + "\n"), service));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jobs: {a: {timeout-minutes: 1, steps: [{run: ls}]}}",
                "permissions: write-all\njobs: {a: {timeout-minutes: 1, steps: [{run: ls}]}}",
                "permissions: {contents: read}\njobs: {a: {steps: [{run: ls}]}}",
                "permissions: {contents: read}\njobs: {a: {timeout-minutes: 1, steps: [{uses: actions/checkout@main}]}}",
                "permissions: {contents: read}\njobs: {a: {timeout-minutes: 1, steps: [{uses: actions/checkout}]}}",
                "permissions: {contents: read}\njobs: {a: {timeout-minutes: 1, steps: [{run: 'echo ${{ github.event.pull_request.title }}'}]}}"
            })
    void aMistakeIsFound(String workflow) {
        assertFalse(violations(workflow).isEmpty());
    }

    private static List<String> violations(String yaml) {
        JsonObject workflow = Manifest.parse(yaml).getFirst().json();
        List<String> violations = new ArrayList<>();
        if (!workflow.has("permissions")
                || !workflow.get("permissions").toString().equals("{\"contents\":\"read\"}")) {
            violations.add("the workflow may more than read");
        }
        for (Map.Entry<String, JsonElement> job :
                workflow.getAsJsonObject("jobs").entrySet()) {
            JsonObject body = job.getValue().getAsJsonObject();
            if (!body.has("timeout-minutes")) {
                violations.add(job.getKey() + " may hang for six hours");
            }
            for (JsonObject step : Manifest.objects(body.get("steps"))) {
                if (step.has("uses")
                        && !step.get("uses")
                                .getAsString()
                                .matches("[\\w.-]+/[\\w./-]+@(v\\d+(\\.\\d+)*|[0-9a-f]{40})")) {
                    violations.add(job.getKey() + " uses the unpinned " + step.get("uses"));
                }
                if (step.has("run") && step.get("run").getAsString().contains("${{")) {
                    violations.add(
                            job.getKey() + " puts an expression into a shell: hand it over as an environment variable");
                }
            }
        }
        return violations;
    }
}
