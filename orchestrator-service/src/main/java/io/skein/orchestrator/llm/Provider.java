package io.skein.orchestrator.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.models.ProvidedModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who provides a model. The embedded planner is none of them: it is what remains when no model is asked, or none answers. */
public enum Provider {
    OLLAMA(ProvidedModel.Provider.OLLAMA, "http://127.0.0.1:11434", true),
    ANTHROPIC(ProvidedModel.Provider.ANTHROPIC, "https://api.anthropic.com/v1/", false),
    OPENROUTER(ProvidedModel.Provider.OPENAI_COMPATIBLE, "https://openrouter.ai/api/v1", false),
    GROQ(ProvidedModel.Provider.OPENAI_COMPATIBLE, "https://api.groq.com/openai/v1", false);

    private final ProvidedModel.Provider format;
    private final String url;
    private final boolean local;

    Provider(ProvidedModel.Provider format, String url, boolean local) {
        this.format = format;
        this.url = url;
        this.local = local;
    }

    ProvidedModel.Provider format() {
        return format;
    }

    /** Where it answers unless the settings say otherwise. */
    String url() {
        return url;
    }

    /** On machines of one's own: it is asked first, and what it is asked stays in the house. */
    public boolean isLocal() {
        return local;
    }

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none of this name, naming those there are */
    static Provider of(String name) {
        for (Provider provider : values()) {
            if (provider.wire().equals(name.strip().toLowerCase(Locale.ROOT))) {
                return provider;
            }
        }
        throw new IllegalArgumentException("there is no provider \"" + name.strip() + "\"; there is "
                + Arrays.stream(values()).map(Provider::wire).collect(Collectors.joining(", ")));
    }
}
