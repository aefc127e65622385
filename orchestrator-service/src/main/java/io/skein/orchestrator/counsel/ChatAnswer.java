package io.skein.orchestrator.counsel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.models.LanguageModel;
import io.skein.models.Message;
import io.skein.orchestrator.llm.Prompt;
import io.skein.orchestrator.llm.UnusableAnswerException;
import io.skein.orchestrator.plan.Redaction;
import java.util.List;

/** A question about a plan as a model is asked it, and its answer: words, and nothing that could be carried out. */
final class ChatAnswer {

    static final Prompt PROMPT = Prompt.of("chat-1");

    private static final int MAX_ANSWER = 4000;
    private static final int MAX_EARLIER = 500;

    private ChatAnswer() {}

    /** @param earlier what was said before, oldest first */
    static List<Message> about(
            String question, List<io.skein.orchestrator.session.Message> earlier, PlanAccount account) {
        Redaction redaction = account.redaction();
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("question", redaction.text(question));
        ArrayNode said = data.putArray("saidBefore");
        earlier.forEach(message -> said.addObject()
                .put("by", message.role().equals("user") ? "person" : "skein")
                .put("text", redaction.text(PlainText.of(message.text(), MAX_EARLIER))));
        data.set("plan", account.told());
        return PROMPT.about(data);
    }

    static String read(LanguageModel.Reply reply, Redaction redaction) throws UnusableAnswerException {
        if (!reply.uses().isEmpty()) {
            throw new UnusableAnswerException("it wanted to do something, and was asked for words");
        }
        String text = PlainText.of(redaction.text(reply.text()), MAX_ANSWER);
        if (text.isBlank()) {
            throw new UnusableAnswerException("it is empty");
        }
        return text;
    }
}
