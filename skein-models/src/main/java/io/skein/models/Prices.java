package io.skein.models;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** @param in US dollars for a million tokens, both */
public record Prices(BigDecimal in, BigDecimal out) {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final int SCALE = 8;

    /** A guess on the safe side: English has about four characters in a token, JSON and other languages fewer. */
    private static final int CHARACTERS_PER_TOKEN = 2;

    public static long guess(int characters) {
        return characters / CHARACTERS_PER_TOKEN + 1;
    }

    public BigDecimal cost(long tokensIn, long tokensOut) {
        return in.multiply(BigDecimal.valueOf(tokensIn))
                .add(out.multiply(BigDecimal.valueOf(tokensOut)))
                .divide(MILLION, SCALE, RoundingMode.UP);
    }

    /** How many tokens of answer the budget has left after a question of this length, at most {@code max}; 0 or less: none. */
    public int affordable(int characters, BigDecimal budget, int max) {
        BigDecimal left = budget.subtract(cost(guess(characters), 0));
        if (out.signum() == 0) {
            return left.signum() < 0 ? 0 : max;
        }
        return left.multiply(MILLION)
                .divide(out, 0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(max))
                .max(BigDecimal.ZERO)
                .intValue();
    }
}
