package io.skein.orchestrator.language;

import io.skein.orchestrator.language.Piece.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a request into the things to do. A cut is made only where both sides can stand alone: the right side begins with a
 * verb, so "check the nginx and redis logs" stays whole, or is said to come later ("then …"). When in doubt it does not cut:
 * the matching then asks.
 */
public final class ClauseSplitter {

    private static final Pattern SENTENCE_END = Pattern.compile("(?<!e\\.g\\.)(?<!i\\.e\\.)(?<=[.!?])\\s+|\\s*;\\s*");
    private static final Pattern TRAILING = Pattern.compile(
            "(?:[\\s.!?,:]+|\\s+(?:please|thanks|thank\\s+you|too|as\\s+well|for\\s+me))+$", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLEASANTRY = Pattern.compile(
            "(?:please|thanks?|thank\\s+you|cheers|asap|hi|hello|hey)\\b(?:\\s+\\S+){0,2}", Pattern.CASE_INSENSITIVE);
    private static final Pattern CONNECTOR = Pattern.compile(
            "\\s*,?\\s+(?:and|plus|but|as\\s+well\\s+as)\\s+|\\s+[&+]\\s+|\\s*,\\s*"
                    + "|\\s+(?=(?:then|afterwards?|finally|lastly|after\\s+that|also)\\b)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern MODIFIER = Pattern.compile(
            "(?:(?:use|using|with|keep)\\b|(?:call|name)\\s+(?:it|them)\\b|set\\s+(?:the\\s+|its\\s+)?(?:\\w+_\\w+|port|version)\\b"
                    + "|set\\s+it\\s+to\\b|(?:it|they|this)\\s+(?:should|must|is|are|has)\\b"
                    + "|the\\s+(?:\\w+\\s+)?(?:port|version|name|path)\\s+(?:should|must|is)\\b|\\w+\\s*=\\s*\\S+$).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CONTEXT =
            Pattern.compile("(?:on|in|for|at|to|across)\\s+.+", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern REMARK =
            Pattern.compile("(?:it|this|that|there|we|they|i|the)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SUBORDINATE =
            Pattern.compile("\\b(after|before)\\s+(?=\\p{L}+ing\\b)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FIRST_AT_END = Pattern.compile("\\s+first$", Pattern.CASE_INSENSITIVE);

    private final List<Piece> pieces = new ArrayList<>();
    private Link pending = Link.AND;

    private ClauseSplitter() {}

    /** The clauses in the order they have to be thought of; empty only for a text without words. */
    public static List<Clause> split(String text) {
        Quotes.Hidden hidden = Quotes.hide(text.strip());
        ClauseSplitter splitter = new ClauseSplitter();
        boolean first = true;
        for (Item item : Item.of(hidden.text())) {
            if (item.kind() == Item.Kind.NUMBERED && !first) {
                splitter.pending = Link.THEN;
            }
            first = first && item.kind() != Item.Kind.NUMBERED;
            for (String sentence : SENTENCE_END.split(item.text())) {
                splitter.sentence(strip(sentence));
                splitter.pending = Link.AND;
            }
        }
        return Assembly.clauses(splitter.pieces, hidden);
    }

    private static String strip(String text) {
        return TRAILING.matcher(text.strip()).replaceAll("");
    }

    private void sentence(String sentence) {
        if (sentence.isEmpty() || PLEASANTRY.matcher(sentence).matches()) {
            return;
        }
        Lead lead = Lead.of(sentence);
        Matcher subordinate = SUBORDINATE.matcher(lead.rest());
        int from = 0;
        while (subordinate.find(from)) {
            if (subordinate(lead, subordinate)) {
                return;
            }
            from = subordinate.end();
        }
        connected(sentence, pending);
    }

    /** "after deploying X, add Y", "add Y after deploying X", and the same with "before". */
    private boolean subordinate(Lead lead, Matcher at) {
        String text = lead.rest();
        Optional<Verbs.Head> gerund = Verbs.gerundAt(text.substring(at.end()));
        if (gerund.isEmpty()) {
            return false;
        }
        String inner =
                gerund.get().base() + text.substring(at.end() + gerund.get().length());
        String outer = text.substring(0, at.start()).replaceFirst("[\\s,]+$", "");
        if (outer.isEmpty()) {
            int comma = commaBeforeVerb(inner);
            if (comma < 0) {
                return false;
            }
            outer = inner.substring(comma + 1).strip();
            inner = inner.substring(0, comma).strip();
        }
        Link start = lead.ordered() ? Link.THEN : pending;
        boolean after = at.group(1).equalsIgnoreCase("after");
        connected(after ? inner : outer, start);
        connected(after ? outer : inner, Link.THEN);
        return true;
    }

    private static int commaBeforeVerb(String text) {
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            if (Verbs.atSentenceStart(Lead.of(text.substring(comma + 1)).rest()).isPresent()) {
                return comma;
            }
        }
        return -1;
    }

    /** Cuts at "and", "then", commas and the like, wherever what follows begins with a verb. */
    private void connected(String sentence, Link link) {
        String left = sentence;
        Link next = link;
        Matcher connector = CONNECTOR.matcher(left);
        int from = 0;
        while (connector.find(from)) {
            String right = left.substring(connector.end());
            Lead lead = Lead.of(right);
            boolean cut = standsAlone(left.substring(0, connector.start())) && begins(lead.rest());
            if (connector.start() > 0 && (cut || saysOrder(lead))) {
                piece(left.substring(0, connector.start()), next);
                next = lead.ordered() ? Link.THEN : Link.AND;
                left = lead.rest();
                connector = CONNECTOR.matcher(left);
                from = 0;
            } else {
                from = connector.end();
            }
        }
        piece(left, next);
    }

    /** "…, then mow the meadow": said to come later, so it is a thing to do even when the verb is none of operations work. */
    private static boolean saysOrder(Lead lead) {
        return lead.ordered() && lead.rest().strip().contains(" ");
    }

    private static boolean begins(String text) {
        return Verbs.at(text).isPresent() || MODIFIER.matcher(text).matches();
    }

    private static boolean standsAlone(String text) {
        String rest = Lead.of(text).rest();
        return Verbs.atSentenceStart(rest).isPresent()
                || MODIFIER.matcher(rest).matches()
                || CONTEXT.matcher(rest).matches();
    }

    private void piece(String raw, Link link) {
        Lead lead = Lead.of(raw);
        String text = strip(lead.rest());
        if (text.isEmpty()) {
            return;
        }
        Link effective = lead.ordered() && !pieces.isEmpty() ? Link.THEN : link;
        if (MODIFIER.matcher(text).matches()) {
            pieces.add(new Piece(Piece.Kind.MODIFIER, text, null, effective));
            return;
        }
        Optional<Verbs.Head> head = Verbs.atSentenceStart(text);
        if (head.isEmpty() && CONTEXT.matcher(text).matches()) {
            pieces.add(new Piece(Piece.Kind.CONTEXT, text, null, effective));
            return;
        }
        if (head.isEmpty() && !pieces.isEmpty() && REMARK.matcher(text).matches()) {
            pieces.add(new Piece(Piece.Kind.MODIFIER, text, null, effective));
            return;
        }
        Piece action = new Piece(Piece.Kind.ACTION, text, head.orElse(null), effective);
        Matcher firstAtEnd = FIRST_AT_END.matcher(text);
        if (firstAtEnd.find()) {
            action = action.withText(text.substring(0, firstAtEnd.start()));
            Piece previous = pieces.isEmpty() ? null : pieces.getLast();
            if (previous != null && previous.kind() == Piece.Kind.ACTION) {
                // "upgrade it, but back up the database first": the order said is not the order meant.
                pieces.set(pieces.size() - 1, action.withLink(previous.link()));
                pieces.add(previous.withLink(Link.THEN));
                return;
            }
        }
        pieces.add(action);
    }
}
