package io.skein.frontdoor.apitokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {

    private static final Pattern SHAPE_ONLY = Pattern.compile("skein_[pna]_[0-9A-Za-z]{49}");

    @ParameterizedTest
    @EnumSource
    void aNewTokenIsReadBack(TokenKind kind) {
        TokenText text = TokenText.random(kind);
        assertTrue(text.value().startsWith("skein_" + kind.letter() + "_"), text.value());
        assertEquals(Optional.of(text), TokenText.parse(text.value()));
        assertFalse(text.toString().contains(text.value()));
        assertEquals(32, text.hash().length);
    }

    @Test
    void noTwoAreTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(seen.add(TokenText.random(TokenKind.PERSON).value()));
        }
    }

    @Test
    void everySingleTypingErrorIsSeen() {
        assertEquals(0, unseenTypingErrors(text -> TokenText.parse(text).isPresent()));
        // A check of the shape alone lets them through to the database.
        assertTrue(unseenTypingErrors(text -> SHAPE_ONLY.matcher(text).matches()) > 40);
    }

    /** Of one wrong and of two exchanged characters at every place, how many texts pass. */
    private static int unseenTypingErrors(Predicate<String> accepts) {
        String text = TokenText.random(TokenKind.NODE).value();
        int unseen = 0;
        for (int i = 0; i < text.length(); i++) {
            StringBuilder wrong = new StringBuilder(text);
            wrong.setCharAt(i, text.charAt(i) == 'x' ? 'y' : 'x');
            unseen += accepts.test(wrong.toString()) ? 1 : 0;
            if (i > 0 && text.charAt(i) != text.charAt(i - 1)) {
                StringBuilder swapped = new StringBuilder(text);
                swapped.setCharAt(i, text.charAt(i - 1));
                swapped.setCharAt(i - 1, text.charAt(i));
                unseen += accepts.test(swapped.toString()) ? 1 : 0;
            }
        }
        return unseen;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "skein_", "skein_p_", "skein_x_0", "eyJhbGciOiJub25lIn0.e30."})
    void otherTextsAreNoTokens(String text) {
        assertEquals(Optional.empty(), TokenText.parse(text));
    }

    @Test
    void aTokenOfOneKindIsNoneOfAnother() {
        String node = TokenText.random(TokenKind.NODE).value();
        assertEquals(Optional.empty(), TokenText.parse(node.replace("skein_n_", "skein_p_")));
    }
}
