package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void textOfOthersCannotDriveTheTerminal() {
        assertEquals("a[2Jb]0;titlec\td", Terminal.printable("a\u001b[2Jb\u001b]0;title\u0007c\td\r"));
        assertEquals("\u001b[31mred\u001b[0m", Terminal.printable("\u001b[31mred\u001b[0m"));
        assertEquals("[1;1Hx", Terminal.printable("\u001b[1;1Hx\u009b"));
    }
}
