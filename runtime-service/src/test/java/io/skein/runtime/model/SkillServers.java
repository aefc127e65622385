package io.skein.runtime.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.mcp.RealServers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model and an MCP server, set as an operator sets them. */
public class SkillServers extends RegistryStandIn {

    private final ModelStandIn model = new ModelStandIn(ModelStandIn.Wire.OPENAI)
            .answers(ModelStandIn.uses("mcp_everything_echo", "{\"message\": \"from the model\"}"));

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(super.start());
        config.put("SKEIN_RUNTIME_MODEL_PROVIDER", model.provider());
        config.put("SKEIN_RUNTIME_MODEL_URL", model.url());
        config.put("SKEIN_RUNTIME_MODEL_NAME", "stand-in-1");
        config.put("SKEIN_RUNTIME_MODEL_PRICE_IN", "1.5");
        config.put(
                "SKEIN_RUNTIME_MCP_SERVERS",
                new ObjectMapper()
                        .valueToTree(List.of(Map.of(
                                "name", "everything", "command", RealServers.everything(), "tools", List.of("echo"))))
                        .toString());
        return config;
    }

    @Override
    public void stop() {
        model.close();
        super.stop();
    }
}
