package io.skein.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where answers go and where a person answers.
 *
 * @param out answers
 * @param err progress and errors
 * @param input what the person types; one reader for all questions, because it reads ahead
 * @param interactive whether somebody can be asked
 */
public record Terminal(PrintStream out, PrintStream err, BufferedReader input, Style style, boolean interactive) {

    static Terminal standard() {
        boolean interactive = isTerminal("skein.terminal.in") && isTerminal("skein.terminal.out");
        return new Terminal(
                System.out,
                System.err,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                Style.forTerminal(System.getenv()),
                interactive);
    }

    /** ./skein looks for us; Java's own answer differs between versions. */
    static boolean isTerminal(String property) {
        return Boolean.getBoolean(property);
    }

    public void say(String line) {
        // Text of playbooks and logs reaches this terminal: it may not move the cursor or rewrite what was shown.
        out.println(printable(line));
    }

    /** The answer, empty at the end of input. */
    public Optional<String> ask(String question) {
        out.print(question);
        out.flush();
        try {
            return Optional.ofNullable(input.readLine()).map(String::strip);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Without control characters other than line ends, tabs and the colours we set ourselves. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean colour = c == '\u001b' && text.startsWith("[", i + 1) && isColour(text, i + 2);
            if (colour || c == '\n' || c == '\t' || !Character.isISOControl(c)) {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    private static boolean isColour(String text, int from) {
        int end = text.indexOf('m', from);
        return end >= 0 && end - from <= 2 && text.substring(from, end).chars().allMatch(Character::isDigit);
    }
}
