package io.skein.orchestrator.counsel;

/** Text of others, to be kept and shown: of bounded length, and without what a terminal or a database reads as something else. */
final class PlainText {

    private PlainText() {}

    static String of(String text, int longest) {
        if (text == null) {
            return "";
        }
        StringBuilder plain = new StringBuilder();
        text.strip().codePoints().limit(longest).forEach(c -> {
            boolean readable = c == '\n' || !isUnseen(c);
            plain.appendCodePoint(readable ? c : ' ');
        });
        return text.strip().codePointCount(0, text.strip().length()) > longest ? plain + "…" : plain.toString();
    }

    /** Also what turns the direction of writing: a text that is read another way than it is kept. */
    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> true;
            default -> false;
        };
    }
}
