package io.skein.desktop.gpu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import io.skein.contracts.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** AMD's tool: a JSON object with one member per card, every value a string, spelt differently from version to version. */
final class RocmSmi implements GpuSource {

    private static final Logger LOG = Logger.getLogger(RocmSmi.class);

    private final ToolRun tool;

    RocmSmi(Duration timeout) {
        this(new ToolRun(timeout, "rocm-smi", "--showmeminfo", "vram", "--showproductname", "--json"));
    }

    RocmSmi(ToolRun tool) {
        this.tool = tool;
    }

    @Override
    public List<Gpu> read() {
        return tool.output().map(RocmSmi::parse).orElse(List.of());
    }

    static List<Gpu> parse(String output) {
        // Warnings about low-power states come before the JSON on the same stream.
        int start = output.indexOf('{');
        if (start < 0) {
            return List.of();
        }
        JsonNode cards;
        try {
            cards = WireFormat.mapper().readTree(output.substring(start));
        } catch (JsonProcessingException e) {
            LOG.debugf("rocm-smi's answer is not JSON: %s", e.getOriginalMessage());
            return List.of();
        }
        List<Gpu> gpus = new ArrayList<>();
        for (Map.Entry<String, JsonNode> card : cards.properties()) {
            if (!card.getKey().startsWith("card")) {
                continue;
            }
            Long total = number(member(card.getValue(), "vram total memory (b)"));
            Long used = number(member(card.getValue(), "vram total used memory (b)"));
            gpus.add(new Gpu(
                    name(card.getKey(), card.getValue()),
                    "rocm-smi",
                    total,
                    total == null || used == null ? null : Math.max(0, total - used)));
        }
        return gpus;
    }

    private static String name(String key, JsonNode card) {
        for (String member : List.of("card series", "card model", "device name")) {
            String value = member(card, member);
            // Older versions answer the series with "N/A" and the model with a bare PCI id.
            if (value != null && !value.isBlank() && !value.equals("N/A") && !value.startsWith("0x")) {
                return value;
            }
        }
        return "AMD GPU " + key;
    }

    private static String member(JsonNode card, String lowerCaseName) {
        for (Map.Entry<String, JsonNode> member : card.properties()) {
            String name = member.getKey().toLowerCase(Locale.ROOT);
            if (name.equals(lowerCaseName) || name.equals(lowerCaseName + ":")) {
                return member.getValue().asText().strip();
            }
        }
        return null;
    }

    private static Long number(String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
