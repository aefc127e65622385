package io.skein.orchestrator.llm;

import io.skein.models.LanguageModel;
import io.skein.models.Message;
import java.util.List;
import java.util.Optional;

/**
 * A question to whichever model is right for it.
 *
 * @param prompt name and version of the instructions in it
 * @param tools the forms an answer may take; none for words
 * @param complex why the question is more than the local model should be asked, or empty
 */
public record Ask(
        Purpose purpose,
        Asker asker,
        String prompt,
        List<Message> messages,
        List<LanguageModel.Tool> tools,
        Optional<String> complex,
        boolean highValue) {

    public Ask {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
