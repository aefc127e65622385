package io.skein.audit.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.audit.entry.Entry;
import io.skein.contracts.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON of a record: what the orchestrator recorded, plus where its entry stands in the chain. Deterministic: members sorted,
 * two spaces, {@code \n}, a newline at the end; the same record gives the same bytes.
 */
final class RecordDocument {

    private RecordDocument() {}

    static String of(Entry entry, FinishedTask task) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.setAll((ObjectNode) sorted(entry.data().get("record")));
        document.put("taskId", task.taskId().toString());
        if (entry.planId() != null) {
            document.put("planId", entry.planId().toString());
        }
        ObjectNode audit = document.putObject("audit");
        audit.put("event", entry.type());
        audit.put("eventId", entry.id().toString());
        audit.put("at", entry.at().toString());
        audit.put("team", entry.team());
        if (entry.owner() != null) {
            audit.put("owner", entry.owner());
        }
        audit.put("partition", entry.partition());
        audit.put("entry", entry.seq());
        audit.put("entryHash", entry.hash());
        return write(sorted(document));
    }

    static String write(JsonNode node) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return WireFormat.mapper().writer(printer).writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("record cannot be written", e);
        }
    }

    static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        names.sort(null);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> object.set(name, sorted(node.get(name))));
        return object;
    }
}
