package io.skein.frontdoor.fleet;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.proxy.Service;
import io.skein.frontdoor.proxy.UpstreamConfig;
import io.skein.platform.problem.ProblemException;
import io.skein.platform.tls.FleetTls;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The API documents of all services in one page. The documents of an open product are open. */
@Path("/docs")
@RunOnVirtualThread
@PermitAll
public class DocsResource {

    private static final Map<String, String> FILES =
            Map.of("index.html", "text/html; charset=utf-8", "docs.js", "text/javascript", "docs.css", "text/css");

    private HttpClient http;

    @Inject
    UpstreamConfig config;

    @Inject
    FleetTls tls;

    @PostConstruct
    void open() {
        http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .build();
    }

    @GET
    public Response page() {
        return file("index.html");
    }

    @GET
    @Path("/{file: [a-z]+\\.[a-z]+}")
    public Response file(@PathParam("file") String file) {
        InputStream content = FILES.containsKey(file) ? getClass().getResourceAsStream("/docs/" + file) : null;
        if (content == null) {
            throw ProblemException.notFound("such page");
        }
        return Response.ok(content)
                .type(FILES.get(file))
                .header("Cache-Control", "no-cache")
                .build();
    }

    @GET
    @Path("/openapi/{service}")
    public Response document(@PathParam("service") String name) throws IOException, InterruptedException {
        if (name.equals(FleetMonitor.OWN_NAME)) {
            return Response.temporaryRedirect(URI.create("/q/openapi?format=json"))
                    .build();
        }
        Service service = Service.find(name).orElseThrow(() -> ProblemException.notFound("service " + name));
        try {
            HttpResponse<InputStream> response = http.send(
                    HttpRequest.newBuilder(URI.create(service.url(config) + "/q/openapi?format=json"))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                return Response.ok(response.body()).type("application/json").build();
            }
            throw new ProblemException(
                    ErrorCode.UPSTREAM_FAILED, "The " + name + " answered " + response.statusCode() + ".");
        } catch (IOException e) {
            throw new ProblemException(ErrorCode.UPSTREAM_FAILED, "The " + name + " cannot be reached.");
        }
    }
}
