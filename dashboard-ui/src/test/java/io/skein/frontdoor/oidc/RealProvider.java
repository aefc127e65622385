package io.skein.frontdoor.oidc;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs {@code src/test/oidc-provider}: the certified provider of the package oidc-provider, under Node as the web app's build. */
public class RealProvider implements QuarkusTestResourceLifecycleManager {

    static final String ISSUER = "skein.test.oidc.issuer";
    private static final Path FOLDER = Path.of("src/test/oidc-provider");

    private Process node;

    @Override
    public Map<String, String> start() {
        try {
            if (!Files.isDirectory(FOLDER.resolve("node_modules/oidc-provider"))) {
                run("npm", "install", "--no-save", "--no-audit", "--no-fund");
            }
            ProcessBuilder builder = new ProcessBuilder("node", "server.mjs")
                    .directory(FOLDER.toFile())
                    .redirectError(Path.of("target/oidc-provider.log").toFile());
            builder.environment().put("CONFORM", "false");
            node = builder.start();
            String issuer =
                    new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8)).readLine();
            if (issuer == null) {
                throw new IllegalStateException("the provider did not start: see target/oidc-provider.log");
            }
            System.setProperty(ISSUER, issuer);
            Map<String, String> config = new HashMap<>();
            config.put("SKEIN_OIDC_ISSUER", issuer);
            config.put("SKEIN_OIDC_CLIENT_ID", "skein");
            config.put("SKEIN_OIDC_CLIENT_SECRET", "a-client-secret-for-tests");
            config.put("SKEIN_OIDC_NAME", "Test provider");
            config.put("SKEIN_OIDC_ROLES", "skein-admins=admin,skein-ops=operator;approver,skein-guests=viewer");
            config.put("SKEIN_OIDC_TEAM_CLAIM", "department");
            config.put("SKEIN_OIDC_TEAMS", "physics=lab");
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (node != null) {
            node.destroy();
        }
    }

    private static void run(String... command) throws IOException {
        try {
            int status = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target/oidc-provider-install.log").toFile())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed: see target/oidc-provider-install.log");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
