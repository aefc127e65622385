package io.skein.orchestrator.llm;

import io.skein.models.LanguageModel;

/** Asks language models. Never fails: when none can be asked, or none gives an answer that can be read, that is the answer. */
public interface Models {

    /** Makes something of an answer. */
    interface Reading<T> {
        /** @throws UnusableAnswerException when it cannot be used, saying why to a person */
        T read(LanguageModel.Reply reply) throws UnusableAnswerException;
    }

    /** What became of a question. */
    sealed interface Outcome<T> {

        /** Why it came to that, for a person. */
        String reason();

        /**
         * A model's answer, read.
         *
         * @param model provider and model: {@code ollama/qwen3:14b}
         */
        record Answered<T>(T value, String model, String reason) implements Outcome<T> {}

        /** Nobody's. */
        record Unanswered<T>(String reason) implements Outcome<T> {}
    }

    /** Whether anybody would be asked for this at all. */
    boolean anyFor(Purpose purpose);

    <T> Outcome<T> ask(Ask ask, Reading<T> reading);
}
