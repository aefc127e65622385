package io.skein.orchestrator.llm;

/** What a model said cannot be used. The message says why, and quotes nothing of what the model said. */
public final class UnusableAnswerException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnusableAnswerException(String message) {
        super(message);
    }
}
