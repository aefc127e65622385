package io.skein.runtime.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.models.LanguageModel;
import io.skein.models.Message;
import io.skein.models.ModelFailure;
import io.skein.runtime.course.Course;
import io.skein.runtime.course.Move;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.skill.SkillCatalog;
import io.skein.runtime.skill.SkillSchema;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A task that a model reasons through (LLM-05). Each call tells it the whole task again and takes one step from its answer. The answer
 * is data: only a declared skill is used, with input that its schema accepts; what is not so is said back once, and the second time
 * the task ends. Several tool calls in one answer are taken one after the other: the first is, and the model asked again with its
 * result. Whether a step is permitted and who has to release it is not decided here.
 */
@ApplicationScoped
public class ModelCourse implements Course {

    private static final int DEFAULT_ROUNDS = 10;
    private static final int LEAST_ANSWER = 16;
    private static final int MAX_NOTE = 500;
    private static final int MAX_ARGUMENTS = 64 * 1024;
    private static final String GAVE_UP = "FAILED:";

    private final ConfiguredModel model;
    private final SkillCatalog catalog;
    private final Clock clock;
    private final ObjectMapper json;
    private final ObjectReader arguments;

    @Inject
    ModelCourse(ConfiguredModel model, SkillCatalog catalog, Clock clock, ObjectMapper json) {
        this.model = model;
        this.catalog = catalog;
        this.clock = clock;
        this.json = json;
        this.arguments = json.readerFor(JsonNode.class)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    }

    /** Whether the definition wants a model, and there is one; otherwise its rules are followed. */
    public boolean canTake(JsonNode definition) {
        return definition.path("model").isObject() && model.isThere();
    }

    /**
     * @throws java.util.concurrent.CancellationException when the thread is interrupted while the model thinks
     */
    @Override
    public Move next(TaskSoFar task) {
        int rounds = task.definition().path("model").path("max_rounds").asInt(DEFAULT_ROUNDS);
        if (task.steps().size() >= rounds) {
            return end(ErrorCode.LIMIT_REACHED, "The agent used its " + rounds + " rounds and was not done.", null);
        }
        Toolbox toolbox = new Toolbox(task.definition(), catalog);
        Conversation conversation = new Conversation(task, toolbox, json);
        BigDecimal cost = BigDecimal.ZERO;
        String complaint = "";
        for (int attempt = 0; attempt < 2; attempt++) {
            Duration left = Duration.between(clock.instant(), task.deadline());
            if (left.isNegative() || left.isZero()) {
                return end(ErrorCode.UPSTREAM_TIMEOUT, "The task has no time left.", cost);
            }
            var question = new LanguageModel.Question(
                    conversation.messages(), toolbox.tools(), LEAST_ANSWER, model.within(left));
            int longest =
                    model.affordable(question.length(), task.budgetLeftUsd().subtract(cost));
            if (longest < LEAST_ANSWER) {
                return end(ErrorCode.LIMIT_REACHED, "The task's budget does not reach for another answer.", cost);
            }
            LanguageModel.Reply reply;
            try {
                ConfiguredModel.Paid paid = model.ask(
                        task.id(),
                        new LanguageModel.Question(question.messages(), question.tools(), longest, question.within()));
                cost = cost.add(paid.costUsd());
                reply = paid.reply();
            } catch (ModelFailure e) {
                return end(e.code(), e.getMessage(), cost);
            }
            Answer answer = read(reply, toolbox, cost);
            if (answer.move() != null) {
                return answer.move();
            }
            complaint = answer.complaint();
            conversation.notAccepted(reply, complaint);
        }
        return end(ErrorCode.UPSTREAM_FAILED, "The model's answer could not be used: " + complaint, cost);
    }

    /** One of the two is null. */
    private record Answer(Move move, String complaint) {

        static Answer refused(String complaint) {
            return new Answer(null, complaint.substring(0, Math.min(complaint.length(), MAX_NOTE)));
        }
    }

    private Answer read(LanguageModel.Reply reply, Toolbox toolbox, BigDecimal cost) {
        String text = reply.text().strip();
        if (reply.uses().isEmpty()) {
            return text.isEmpty()
                    ? Answer.refused("Use a tool, or say in a sentence how the task ended.")
                    : new Answer(ended(text, cost), null);
        }
        Message.ToolUse use = reply.uses().getFirst();
        Optional<Toolbox.Declared> declared = declared(toolbox, use.tool());
        if (declared.isEmpty()) {
            return Answer.refused("There is no such tool. There are: " + String.join(", ", toolbox.names()));
        }
        Optional<ObjectNode> input = input(use.arguments());
        if (input.isEmpty()) {
            return Answer.refused("The arguments are no JSON object.");
        }
        List<String> violations = SkillSchema.violations(declared.get().schema(), input.get());
        if (!violations.isEmpty()) {
            return Answer.refused("The arguments do not fit: " + String.join("; ", violations));
        }
        String note = text.isEmpty() ? null : shortened(text);
        return new Answer(new Move.Use(declared.get().skill().name(), input.get(), null, note, cost), null);
    }

    /** Overridden by the planted course that believes any name. */
    Optional<Toolbox.Declared> declared(Toolbox toolbox, String tool) {
        return toolbox.find(tool);
    }

    private Optional<ObjectNode> input(String text) {
        if (text.isBlank()) {
            return Optional.of(json.createObjectNode());
        }
        try {
            return text.length() <= MAX_ARGUMENTS && arguments.readTree(text) instanceof ObjectNode input
                    ? Optional.of(input)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Move ended(String text, BigDecimal cost) {
        return text.startsWith(GAVE_UP)
                ? end(
                        ErrorCode.NOT_DONE,
                        shortened(text.substring(GAVE_UP.length()).strip()),
                        cost)
                : new Move.End(null, shortened(text), cost);
    }

    private static Move.End end(ErrorCode code, String summary, BigDecimal cost) {
        return new Move.End(code.code(), summary, cost == null ? BigDecimal.ZERO : cost);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_NOTE ? text : text.substring(0, MAX_NOTE - 1) + "…";
    }
}
