package io.skein.orchestrator.llm;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reserves a port for each provider, and sets the service to ask there. */
public class LlmPorts implements QuarkusTestResourceLifecycleManager {

    static int port(Provider provider) {
        return Integer.getInteger(property(provider));
    }

    private static String property(Provider provider) {
        return "skein.test.llm." + provider.wire();
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>();
        for (Provider provider : Provider.values()) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                System.setProperty(property(provider), String.valueOf(socket.getLocalPort()));
                String prefix = "SKEIN_LLM_" + provider.wire().toUpperCase(Locale.ROOT);
                String path =
                        switch (provider) {
                            case OLLAMA -> "";
                            case ANTHROPIC -> "/v1/";
                            case OPENROUTER, GROQ -> "/v1";
                        };
                config.put(prefix + "_URL", "http://127.0.0.1:" + socket.getLocalPort() + path);
                config.put(prefix + "_MODEL", provider.wire() + "-stand-in");
                config.put(prefix + "_KEY", "sk-planted-key-" + provider.wire());
                config.put(prefix + "_TIMEOUT", "1500ms");
                config.put(prefix + "_PRICE_IN", provider.isLocal() ? "0" : "100");
                config.put(prefix + "_PRICE_OUT", provider.isLocal() ? "0" : "1000");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        config.put("SKEIN_COST_HOST_HOUR_USD", "36");
        config.put("SKEIN_LLM_OLLAMA_DAILY_TOKENS", "1000000");
        config.put("SKEIN_LLM_PLAN_TIME", "6s");
        config.put("SKEIN_LLM_FIRST_PAUSE", "10ms");
        // Long enough for a busy machine to look at it while it is open.
        config.put("SKEIN_LLM_BREAKER_DELAY", "4s");
        return config;
    }

    @Override
    public void stop() {
        for (Provider provider : Provider.values()) {
            System.clearProperty(property(provider));
        }
    }
}
