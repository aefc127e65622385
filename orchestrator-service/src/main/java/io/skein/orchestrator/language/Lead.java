package io.skein.orchestrator.language;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the verb: politeness and ordering words.
 *
 * @param rest the text without them
 * @param ordered true when one of them says "after what was said before" (then, next, finally, secondly)
 */
record Lead(String rest, boolean ordered) {

    private static final Pattern ORDER = Pattern.compile(
            "(?:and\\s+)?(?:then|second|secondly|third|thirdly|next|finally|lastly|last|afterwards?|after\\s+that|after\\s+which"
                    + "|subsequently|later|(?:once|when|as\\s+soon\\s+as|after)\\s+(?:it|that|this|they|everything|all)"
                    + "(?:'s|\\s+is|\\s+are|\\s+has|\\s+have|\\s+was)\\s+(?:been\\s+)?(?:done|up|ready|running|finished|deployed"
                    + "|installed|complete|completed|there|online)(?:\\s+and\\s+running)?)\\b\\s*[,:]?\\s+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern POLITE = Pattern.compile(
            "(?:please|kindly|also|now|first|firstly|first\\s+of\\s+all|additionally|furthermore|moreover|and|but|plus|just|so"
                    + "|hey|hi|hello|ok|okay|in\\s+parallel|at\\s+the\\s+same\\s+time|meanwhile|in\\s+addition"
                    + "|(?:can|could|would|will)\\s+you(?:\\s+please)?"
                    + "|(?:i|we)(?:'d|\\s+would)\\s+like(?:\\s+you)?\\s+to|(?:i|we)\\s+(?:want|need)(?:\\s+you)?\\s+to"
                    + "|(?:we|you)\\s+(?:should|must|have\\s+to)|let's|let\\s+us|go\\s+ahead\\s+and|help\\s+(?:me|us)(?:\\s+to)?"
                    + "|try\\s+(?:to|and)|make\\s+sure\\s+(?:to|you)|be\\s+sure\\s+to|remember\\s+to|don't\\s+forget\\s+to"
                    + "|feel\\s+free\\s+to|to)\\b\\s*[,:]?\\s+",
            Pattern.CASE_INSENSITIVE);

    static Lead of(String text) {
        String rest = text.strip();
        boolean ordered = false;
        while (true) {
            Matcher order = ORDER.matcher(rest);
            Matcher polite = POLITE.matcher(rest);
            if (order.lookingAt()) {
                ordered = true;
                rest = rest.substring(order.end());
            } else if (polite.lookingAt()) {
                rest = rest.substring(polite.end());
            } else {
                return new Lead(rest, ordered);
            }
        }
    }
}
