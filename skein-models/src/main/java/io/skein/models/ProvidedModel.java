package io.skein.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.TokenUsage;
import io.skein.contracts.error.ErrorCode;
import io.vertx.core.http.HttpClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** A provider's model through LangChain4j's client for it; a client per call, since a call has its own time. */
public final class ProvidedModel implements LanguageModel {

    /** The kinds of provider. */
    public enum Provider {
        OPENAI_COMPATIBLE("https://api.openai.com/v1"),
        ANTHROPIC("https://api.anthropic.com/v1/"),
        OLLAMA("http://127.0.0.1:11434");

        private final String url;

        Provider(String url) {
            this.url = url;
        }

        public String url() {
            return url;
        }

        /**
         * @throws IllegalArgumentException when there is none of this name
         */
        public static Provider of(String name) {
            try {
                return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("a model's provider is openai-compatible, anthropic or ollama", e);
            }
        }
    }

    private final Provider provider;
    private final String url;
    private final String name;
    private final String key;
    private final HttpClient http;

    /** @param key null for none */
    public ProvidedModel(Provider provider, String url, String name, String key, HttpClient http) {
        this.provider = provider;
        this.url = url;
        this.name = name;
        this.key = key;
        this.http = http;
    }

    @Override
    public Reply ask(Question question) throws ModelFailure {
        try {
            ChatResponse response =
                    client(new ModelHttp(http, question.within()), question).chat(request(question));
            AiMessage answer = response.aiMessage();
            String text = answer.text() == null ? "" : answer.text();
            List<Message.ToolUse> uses = answer.toolExecutionRequests().stream()
                    .map(use -> new Message.ToolUse(
                            use.id() == null ? "" : use.id(),
                            use.name() == null ? "" : use.name(),
                            use.arguments() == null ? "" : use.arguments()))
                    .toList();
            TokenUsage usage = response.tokenUsage();
            return new Reply(
                    text,
                    uses,
                    counted(usage == null ? null : usage.inputTokenCount(), question.length()),
                    counted(usage == null ? null : usage.outputTokenCount(), text.length()),
                    response.modelName() == null ? "" : response.modelName());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    /** What is not told is guessed, on the safe side: a provider that counts nothing must not make a budget endless. */
    private static long counted(Integer told, int characters) {
        return told == null || told < 0 ? Prices.guess(characters) : told;
    }

    private ChatModel client(ModelHttp call, Question question) {
        return switch (provider) {
            case OPENAI_COMPATIBLE ->
                OpenAiChatModel.builder()
                        .httpClientBuilder(call.builder())
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName(name)
                        .maxTokens(question.maxTokens())
                        .maxRetries(0)
                        .build();
            case ANTHROPIC ->
                AnthropicChatModel.builder()
                        .httpClientBuilder(call.builder())
                        .baseUrl(url)
                        .apiKey(key == null ? "none" : key)
                        .modelName(name)
                        .maxTokens(question.maxTokens())
                        .maxRetries(0)
                        .build();
            case OLLAMA ->
                OllamaChatModel.builder()
                        .httpClientBuilder(call.builder())
                        .baseUrl(url)
                        .modelName(name)
                        .numPredict(question.maxTokens())
                        .maxRetries(0)
                        .build();
        };
    }

    private static ChatRequest request(Question question) {
        List<ChatMessage> messages = new ArrayList<>();
        question.messages().forEach(message -> messages.add(translated(message)));
        ChatRequest.Builder request = ChatRequest.builder().messages(messages);
        if (!question.tools().isEmpty()) {
            request.toolSpecifications(
                    question.tools().stream().map(ProvidedModel::translated).toList());
        }
        return request.build();
    }

    private static ChatMessage translated(Message message) {
        return switch (message) {
            case Message.Instructions instructions -> SystemMessage.from(instructions.text());
            case Message.Asked asked -> UserMessage.from(asked.text());
            case Message.Answered answered ->
                AiMessage.builder()
                        .text(answered.text().isEmpty() ? null : answered.text())
                        .toolExecutionRequests(answered.uses().stream()
                                .map(use -> ToolExecutionRequest.builder()
                                        .id(use.id())
                                        .name(use.tool())
                                        .arguments(use.arguments())
                                        .build())
                                .toList())
                        .build();
            case Message.ToolResult result ->
                ToolExecutionResultMessage.builder()
                        .id(result.id())
                        .toolName(result.tool())
                        .text(result.text())
                        .isError(result.failed())
                        .build();
        };
    }

    private static ToolSpecification translated(Tool tool) {
        JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
        ObjectNode schema = FlatSchema.of(tool.schema());
        schema.path("properties")
                .properties()
                .forEach(property -> parameters.addProperty(
                        property.getKey(),
                        JsonRawSchema.from(property.getValue().toString())));
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(member -> required.add(member.asText()));
        parameters.required(required);
        JsonNode more = schema.path("additionalProperties");
        if (more.isBoolean()) {
            parameters.additionalProperties(more.booleanValue());
        }
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.build())
                .build();
    }

    private static ModelFailure failure(RuntimeException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ModelHttp.Refused refused) {
                return refused(refused);
            }
            if (cause instanceof ModelHttp.Late) {
                return new ModelFailure(
                        ErrorCode.UPSTREAM_TIMEOUT, "The model did not answer in time.", true, Duration.ZERO, thrown);
            }
            if (cause instanceof UncheckedIOException) {
                return new ModelFailure(
                        ErrorCode.UPSTREAM_FAILED, "The model cannot be reached.", true, Duration.ZERO, thrown);
            }
        }
        return new ModelFailure(
                ErrorCode.UPSTREAM_FAILED, "The model's answer cannot be read.", true, Duration.ZERO, thrown);
    }

    private static ModelFailure refused(ModelHttp.Refused refused) {
        int status = ((HttpException) refused).statusCode();
        boolean mayPass = status == 429 || status == 408 || status >= 500;
        String message =
                switch (status) {
                    case 401, 403 -> "The model's provider refused the key.";
                    case 404 -> "The provider knows no such model, or answers elsewhere.";
                    case 429 -> "The model's provider had too many requests.";
                    default -> "The model's provider answered " + status + ".";
                };
        return new ModelFailure(
                status == 429 ? ErrorCode.RATE_LIMITED : ErrorCode.UPSTREAM_FAILED,
                message,
                mayPass,
                seconds(refused.retryAfter()),
                refused);
    }

    /** A date instead of seconds is rare, and then our own waiting is as good. */
    private static Duration seconds(String retryAfter) {
        return retryAfter != null && retryAfter.strip().matches("\\d{1,6}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter.strip()))
                : Duration.ZERO;
    }
}
