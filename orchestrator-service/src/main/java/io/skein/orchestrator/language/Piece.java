package io.skein.orchestrator.language;

/** A cut-out part of a request before the parts are put in relation. */
record Piece(Kind kind, String text, Verbs.Head head, Link link) {

    enum Kind {
        /** Something to do. */
        ACTION,
        /** How to do what was said before ("use port 3002"). */
        MODIFIER,
        /** Where everything that follows is to be done ("On nas01: …"). */
        CONTEXT
    }

    /** How a piece follows the one before it. */
    enum Link {
        AND,
        THEN
    }

    Piece withText(String value) {
        return new Piece(kind, value, head, link);
    }

    Piece withLink(Link value) {
        return new Piece(kind, text, head, value);
    }

    /** What the verb acts on; empty when the verb stands alone. */
    String object() {
        return head == null ? text : text.substring(head.length()).strip();
    }
}
