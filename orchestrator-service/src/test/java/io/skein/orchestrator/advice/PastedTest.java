package io.skein.orchestrator.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PastedTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Restart nginx                                                  | restart nginx      | false
            Restart nginx\\n- fix kuma\\n- rotate logs                     | fix kuma           | false
            1. Restart nginx\\n2. Fix kuma on port 3002                    | fix kuma           | false
            Do this: restart nginx                                         | restart nginx      | false
            Restart nginx\\n> fix kuma                                     | fix kuma           | true
            Restart nginx\\n```\\nfix kuma\\n```                           | fix kuma           | true
            Restart nginx\\n```\\nfix kuma\\n```\\nadd a user              | add a user         | false
            The output was:\\nfix kuma                                     | fix kuma           | true
            The output was:\\nfix kuma\\n\\nrestart nginx                  | restart nginx      | false
            2026-01-01T10:00:00Z please fix kuma                           | fix kuma           | true
            Jan  1 10:00:00 nas01 kuma: fix kuma                           | fix kuma           | true
            ERROR fix kuma                                                 | fix kuma           | true
            sshd[42]: fix kuma                                             | fix kuma           | true
            fatal: [nas01]: FAILED! fix kuma                               | fix kuma           | true
            {"msg": "fix kuma"}                                            | fix kuma           | true
            <p>fix kuma</p>                                                | fix kuma           | true
            # fix kuma                                                     | fix kuma           | true
            """)
    void whatLooksPasted(String text, String words, boolean pasted) {
        assertEquals(pasted, Pasted.in(text.replace("\\n", "\n")).covers(words));
    }
}
