package io.skein.orchestrator.language;

import io.skein.orchestrator.language.Piece.Kind;
import io.skein.orchestrator.language.Piece.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Makes clauses of pieces: lends verbs their shared object, gives every "how" to its "what", counts the stages. */
final class Assembly {

    private static final Pattern REFERS_BACK = Pattern.compile(
            "\\b(?:it|its|them|there|the\\s+same)\\b|\\b(?:to|from|in|into|on|of|with|for)\\s+(?:that|this)\\b"
                    + "|\\b(?:the|this|that|its|their)\\s+(?:new(?:ly)?\\s+|running\\s+|deployed\\s+|resulting\\s+)?"
                    + "(?:config|configuration|settings?|service|app|application|container|instance|stack|deployment|site"
                    + "|results?|output|setup|installation)\\b",
            Pattern.CASE_INSENSITIVE);

    private Assembly() {}

    static List<Clause> clauses(List<Piece> cut, Quotes.Hidden hidden) {
        List<Piece> pieces = shareObjects(cut);
        List<String> contexts = new ArrayList<>();
        List<String> early = new ArrayList<>();
        List<Clause> clauses = new ArrayList<>();
        int stage = 0;
        for (Piece piece : pieces) {
            String text = hidden.restore(piece.text());
            switch (piece.kind()) {
                case CONTEXT -> contexts.add(text);
                case MODIFIER -> {
                    if (clauses.isEmpty()) {
                        early.add(text);
                    } else {
                        clauses.add(withModifier(clauses.removeLast(), text));
                    }
                }
                case ACTION -> {
                    if (piece.link() == Link.THEN && !clauses.isEmpty()) {
                        stage++;
                    }
                    List<String> modifiers = new ArrayList<>(contexts);
                    modifiers.addAll(early);
                    early.clear();
                    boolean back = !clauses.isEmpty()
                            && REFERS_BACK.matcher(Quotes.mask(text)).find();
                    String action = piece.head() == null ? null : piece.head().base();
                    clauses.add(new Clause(clauses.size(), text, action, stage, back, modifiers));
                }
            }
        }
        if (clauses.isEmpty() && !(early.isEmpty() && contexts.isEmpty())) {
            contexts.addAll(early);
            clauses.add(new Clause(0, String.join(", ", contexts), null, 0, false, List.of()));
        }
        return clauses;
    }

    private static Clause withModifier(Clause clause, String modifier) {
        List<String> modifiers = new ArrayList<>(clause.modifiers());
        modifiers.add(modifier);
        return new Clause(
                clause.index(), clause.text(), clause.action(), clause.stage(), clause.refersBack(), modifiers);
    }

    /** "stop and remove nginx": both act on nginx, one after the other. "install nginx and restart": so do these. */
    private static List<Piece> shareObjects(List<Piece> cut) {
        List<Piece> pieces = new ArrayList<>(cut);
        for (int i = pieces.size() - 2; i >= 0; i--) {
            Piece piece = pieces.get(i);
            Piece next = pieces.get(i + 1);
            if (bare(piece) && next.kind() == Kind.ACTION && next.head() != null && !bare(next)) {
                pieces.set(i, piece.withText(piece.text() + " " + next.object()));
                pieces.set(i + 1, next.withLink(Link.THEN));
            }
        }
        for (int i = 1; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            Piece previous = pieces.get(i - 1);
            if (bare(piece) && previous.kind() == Kind.ACTION && !bare(previous)) {
                pieces.set(
                        i,
                        piece.withText(piece.text() + " " + previous.object()).withLink(Link.THEN));
            }
        }
        return pieces;
    }

    private static boolean bare(Piece piece) {
        return piece.kind() == Kind.ACTION
                && piece.head() != null
                && piece.object().isEmpty();
    }
}
