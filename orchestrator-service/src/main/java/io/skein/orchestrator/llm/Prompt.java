package io.skein.orchestrator.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.models.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Instructions for a model, kept in a file whose name has their version: {@code prompts/plan-1.md}. A change that matters is a new
 * file, so that what a call was told can be looked up by the name kept with it.
 */
public record Prompt(String name, String text) {

    /** @throws IllegalArgumentException when there is no such file */
    public static Prompt of(String name) {
        try (InputStream file = Prompt.class.getResourceAsStream("/prompts/" + name + ".md")) {
            if (file == null) {
                throw new IllegalArgumentException("there is no prompt " + name);
            }
            return new Prompt(name, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The instructions, and what they are about: between two markers nobody can know beforehand, because strangers wrote in it. */
    public List<Message> about(JsonNode data) {
        String marker = UUID.randomUUID().toString();
        String asked = "Data between the two markers " + marker + ", as JSON:\n" + marker + "\n"
                + WireFormat.writeString(data) + "\n" + marker;
        return List.of(new Message.Instructions(text), new Message.Asked(asked));
    }
}
