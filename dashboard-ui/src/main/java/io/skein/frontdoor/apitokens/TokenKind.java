package io.skein.frontdoor.apitokens;

import io.skein.contracts.topology.BrokerIdentity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whom a token speaks for; also the letter in its form, so that a person sees what was found. */
public enum TokenKind {
    /** Its owner, over HTTP. */
    PERSON('p'),
    /** One machine, at the broker. */
    NODE('n'),
    /** One working agent, at the broker. */
    AGENT('a');

    private final char letter;

    TokenKind(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    BrokerIdentity brokerIdentity(String team, String subject) {
        return switch (this) {
            case NODE -> new BrokerIdentity.Node(team, subject);
            case AGENT -> new BrokerIdentity.Agent(team, subject);
            case PERSON -> throw new IllegalArgumentException("people are not at the broker");
        };
    }

    static Optional<TokenKind> fromWire(String wire) {
        return Arrays.stream(values()).filter(kind -> kind.wire().equals(wire)).findFirst();
    }

    static Optional<TokenKind> ofLetter(char letter) {
        return Arrays.stream(values()).filter(kind -> kind.letter == letter).findFirst();
    }
}
