package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** K8S-01: helm itself is content with the chart, and refuses values that would only fail in the cluster. */
class ChartTest {

    @ParameterizedTest
    @ValueSource(strings = {"external", "trial", "everything"})
    void lintsWithoutAWarning(String values) {
        KubernetesTools.Output lint = KubernetesTools.get()
                .helm("lint", "--strict", Repository.CHART.toString(), "--values", KubernetesTools.ci(values));
        assertEquals(0, lint.exitCode(), lint.out() + lint.err());
    }

    @ParameterizedTest(name = "--set {0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            postgresql.host=                                     | postgresql/host
            image.repository=                                    | image/repository
            image.tag=latest                                     | image/tag
            image.variant=graal                                  | image/variant
            image.pullpolicy=Always                              | pullpolicy
            logLevel=verbose                                     | logLevel
            postgresql.port=0                                    | postgresql/port
            postgresql.port=five                                 | postgresql/port
            postgresql.bundled=true                              | bundled
            postgresql.password=secret                           | password
            postgresql.sslMode=maybe                             | sslMode
            postgresql.bootstrap.image=postgres                  | bootstrap/image
            postgresql.bootstrap.image=postgres:latest           | bootstrap/image
            rabbitmq.uri=http://broker                           | rabbitmq/uri
            rabbitmq.uri=amqp://guest:guest@broker:5672/skein    | rabbitmq/uri
            redis.url=localhost:6379                             | redis/url
            redis.enabled=true                                   | enabled
            auth.existingSecret=Not_A_Name                       | auth/existingSecret
            secrets.generate=yes                                 | secrets/generate
            services.lock-service.replicas=-1                    | replicas
            services.lock-service.replicas=two                   | replicas
            services.lock-service.colour=blue                    | colour
            services.locks.replicas=2                            | locks
            services.audit-service.replicas=2                    | replicas
            services.infra-agent-service.autoscaling.enabled=true| autoscaling
            services.lock-service.persistence.enabled=true       | persistence
            services.lock-service.resources.limits.memory=lots   | memory
            services.lock-service.resources.limits.gpu=1         | gpu
            services.lock-service.env.PATH=/tmp                  | PATH
            services.lock-service.env.SKEIN_HTTP_PORT=1          | SKEIN_HTTP_PORT
            services.lock-service.tmpSize=0x10                   | tmpSize
            ingress.host=http://skein                            | ingress/host
            podDisruptionBudget.maxUnavailable=some              | maxUnavailable
            networkPolicy.metricsFrom[0].pod=prometheus          | pod
            playbooks.gitUrl=/etc                                | playbooks/gitUrl
            playbooks.gitUrl=https://me:secret@git.example/x     | playbooks/gitUrl
            security.acceptUnsafe[0]=all                         | acceptUnsafe
            agents.model.provider=skynet                         | agents/model/provider
            agents.model.key=sk-1                                | key
            agents.model.url=https://me:secret@models.example    | agents/model/url
            llm.groq.key=sk-1                                    | key
            llm.groq.url=https://me:secret@models.example        | llm/groq/url
            services.orchestrator-service.env.SKEIN_LLM_GROQ_KEY=sk-1 | SKEIN_LLM_GROQ_KEY
            services.runtime-service.env.SKEIN_RUNTIME_MODEL_KEY=sk-1 | SKEIN_RUNTIME_MODEL_KEY
            agents.mcp.servers[0].name=No Name                   | name
            agents.mcp.servers[0].headers.Authorization=Bearer x | Authorization
            agents.mcp.servers[0].env.TOKEN=SKEIN_SERVICE_SECRET | TOKEN
            tests.image=busybox:latest                           | tests/image
            dashboard.enabled=true                               | dashboard
            """)
    void aWrongValueIsRefusedByName(String setting, String named) {
        KubernetesTools.Output output = template("external", "--set", setting);
        assertNotEquals(0, output.exitCode(), "accepted: " + setting);
        assertTrue(output.err().contains("specifications of the schema"), output::err);
        assertTrue(output.err().contains(named), output::err);
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            external | postgresql.existingSecret=                        | postgresql.existingSecret is needed
            external | auth.existingSecret=                              | auth.existingSecret is needed
            trial    | rabbitmq.uri=                                     | rabbitmq.uri is needed
            trial    | redis.url=                                        | redis.url is needed
            trial    | postgresql.bootstrap.adminSecret=                 | postgresql.bootstrap.adminSecret is needed
            external | ingress.host=                                     | ingress.host is needed
            external | agents.model.provider=ollama                      | agents.model.name is needed
            external | llm.ollama.model=qwen3                            | llm.ollama.url is needed
            everything | agents.mcp.existingSecret=                      | agents.mcp.existingSecret is needed
            everything | services.runtime-service.env.SKEIN_OUTBOUND_ALLOW=10.0.0.0/8 | say the same thing
            external | ingress.enabled=false                             | nothing ends TLS in front of the front door
            external | ingress.tlsSecret=                                | nothing ends TLS in front of the front door
            external | postgresql.sslMode=                               | postgresql.sslMode is "": set verify-full
            external | postgresql.sslMode=require                        | postgresql.sslMode is "require": set verify-full
            everything | services.lock-service.autoscaling.maxReplicas=1 | maxReplicas is below minReplicas
            """)
    void whatIsMissingIsSaidInOneSentence(String values, String setting, String sentence) {
        KubernetesTools.Output output = template(values, "--set", setting);
        assertNotEquals(0, output.exitCode(), "accepted: " + setting);
        assertTrue(output.err().contains(sentence), output::err);
    }

    @Test
    void theNotesSayHowToSignIn() {
        KubernetesTools.Output output = KubernetesTools.get()
                .helm(
                        "install",
                        "skein",
                        Repository.CHART.toString(),
                        "--dry-run=client",
                        "--namespace",
                        "ops",
                        "--values",
                        KubernetesTools.ci("external"));
        assertEquals(0, output.exitCode(), output.err());
        String notes = output.out().substring(output.out().indexOf("NOTES:"));
        assertTrue(notes.contains("setup token"), notes);
        assertTrue(notes.contains("get secret skein-auth --output jsonpath='{.data.setup-token}'"), notes);
        assertTrue(notes.contains("helm test skein"), notes);
        assertTrue(notes.contains("Accepted although it is unsafe"), notes);
        assertTrue(notes.contains("  - service-plain-http\n"), notes);
    }

    @Test
    void theTestPodAsksForTheHealthOfEveryService() {
        Manifest pod = Rendered.CHART_EXTERNAL.manifests().stream()
                .filter(manifest -> manifest.kind().equals("Pod"))
                .findFirst()
                .orElseThrow();
        assertEquals("test", pod.string("metadata", "annotations", "helm.sh/hook"));
        String script = pod.containers().getFirst().get("args").getAsString();
        assertTrue(script.contains("http://skein-dashboard-ui:8080/health"), script);
        Fleet.names().forEach(service -> assertTrue(script.contains("*" + service + "*"), service));
    }

    @Test
    void twoReleasesInOneNamespaceDoNotMeet() {
        List<String> first = names("skein");
        List<String> second = names("other");
        first.retainAll(second);
        assertEquals(List.of(), first);
    }

    private static List<String> names(String release) {
        String yaml = KubernetesTools.get()
                .helm("template", release, Repository.CHART.toString(), "--values", KubernetesTools.ci("trial"))
                .orFail();
        return new ArrayList<>(Manifest.parse(yaml).stream().map(Manifest::id).toList());
    }

    private static KubernetesTools.Output template(String values, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("template", "skein", Repository.CHART.toString(), "--values", KubernetesTools.ci(values)));
        arguments.addAll(List.of(more));
        return KubernetesTools.get().helm(arguments.toArray(String[]::new));
    }
}
