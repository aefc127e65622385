package io.skein.orchestrator.counsel;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.models.LanguageModel;
import io.skein.orchestrator.llm.ClosedForm;
import io.skein.orchestrator.llm.Prompt;
import io.skein.orchestrator.llm.UnusableAnswerException;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.StepScores.Dimension;
import io.skein.orchestrator.plan.StepScores.Score;
import io.skein.orchestrator.review.Review;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a model thinks of a plan, in the one form it may say it: scores, and text about steps the plan has. */
record ReviewAnswer(String verdict, Map<Dimension, Score> scores, List<Review.Suggestion> suggestions) {

    static final Prompt PROMPT = Prompt.of("review-1");

    private static final ClosedForm FORM =
            ClosedForm.of(PROMPT, "review_plan", "Says what went wrong in the plan, and what could be better.");
    private static final int MAX_VERDICT = 800;
    private static final int MAX_TEXT = 400;

    static final LanguageModel.Tool TOOL = FORM.tool();

    /** @param steps the numbers of the plan's steps */
    static ReviewAnswer read(LanguageModel.Reply reply, Set<Integer> steps, Redaction redaction)
            throws UnusableAnswerException {
        JsonNode json = FORM.read(reply);
        Map<Dimension, Score> scores = new EnumMap<>(Dimension.class);
        for (JsonNode score : json.path("scores")) {
            Dimension dimension =
                    Dimension.fromWire(score.path("dimension").textValue()).orElseThrow();
            String reason = score.has("reason") ? text(score.path("reason"), MAX_TEXT, redaction) : null;
            if (scores.put(dimension, new Score(score.path("score").intValue(), reason)) != null) {
                throw new UnusableAnswerException("it scores a dimension twice");
            }
        }
        List<Review.Suggestion> suggestions = new ArrayList<>();
        for (JsonNode suggestion : json.path("suggestions")) {
            int step = suggestion.path("step").intValue();
            if (!steps.contains(step)) {
                throw new UnusableAnswerException("it speaks of a step the plan does not have");
            }
            suggestions.add(new Review.Suggestion(step, text(suggestion.path("text"), MAX_TEXT, redaction)));
        }
        return new ReviewAnswer(text(json.path("verdict"), MAX_VERDICT, redaction), scores, suggestions);
    }

    private static String text(JsonNode node, int longest, Redaction redaction) {
        return PlainText.of(redaction.text(node.textValue()), longest);
    }

    /** As one text, for whoever reads evaluations. */
    String comment() {
        StringBuilder comment = new StringBuilder(verdict);
        suggestions.forEach(suggestion ->
                comment.append("\nStep ").append(suggestion.step()).append(": ").append(suggestion.text()));
        return comment.toString();
    }
}
