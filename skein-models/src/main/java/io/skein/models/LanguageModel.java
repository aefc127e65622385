package io.skein.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/** A model, whoever provides it. Blocks; an interrupt ends the call. */
public interface LanguageModel {

    /**
     * @param maxTokens of the answer
     * @param within for the answer, however often it has to be asked for
     */
    record Question(List<Message> messages, List<Tool> tools, int maxTokens, Duration within) {

        public int length() {
            return messages.stream().mapToInt(Message::length).sum()
                    + tools.stream()
                            .mapToInt(tool -> tool.description().length()
                                    + tool.schema().toString().length())
                            .sum();
        }
    }

    record Tool(String name, String description, ObjectNode schema) {}

    /**
     * @param text may be empty
     * @param model what the provider says answered; empty when it does not say
     */
    record Reply(String text, List<Message.ToolUse> uses, long tokensIn, long tokensOut, String model) {}

    Reply ask(Question question) throws ModelFailure;
}
