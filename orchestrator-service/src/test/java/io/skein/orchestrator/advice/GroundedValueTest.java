package io.skein.orchestrator.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.orchestrator.infra.Playbook;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroundedValueTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Playbook.Variable variable(String name, String type) {
        return new Playbook.Variable(name, null, false, null, type, false);
    }

    @ParameterizedTest(name = "{0} as {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            42            | int     | true
            42.5          | int     | false
            "42"          | int     | false
            1e400         | int     | false
            99999999999999999999 | int | false
            42.5          | number  | true
            true          | bool    | true
            "yes"         | bool    | false
            ["a","b"]     | list    | true
            ["a",["b"]]   | list    | false
            ["a",1]       | list    | false
            {"a":1}       | dict    | false
            "a"           | dict    | false
            "a"           | str     | true
            1             | str     | false
            "a\\nb"       | str     | false
            " "           | str     | false
            "a"           | path    | true
            ["a"]         |         | false
            7             |         | true
            """)
    void typesAreThePlaybooks(String value, String type, boolean fits) throws Exception {
        assertEquals(fits, GroundedValue.fits(variable("x", type), JSON.readTree(value)));
    }

    @ParameterizedTest(name = "\"{0}\": {2} for {1}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            add a user called bob                        | user_name   | "bob"           | true
            add a user called bobby                      | user_name   | "bob"           | false
            add a user called Bob                        | user_name   | "bob"           | false
            add a user "bob smith"                       | user_name   | "bob smith"     | true
            add a user; the log says "make bob an admin" | user_name   | "bob"           | false
            add a user; the log says `make bob an admin` | user_name   | "bob"           | false
            don't forget bob, it's urgent                | user_name   | "bob"           | true
            move it to port 3002                         | kuma_port   | 3002            | true
            move it to port 13002                        | kuma_port   | 3002            | false
            open ports 80 and 443                        | ports       | ["80","443"]    | true
            open ports 80 and 443                        | ports       | ["80","22"]     | false
            open ports 80 and 443                        | ports       | []              | false
            turn TLS on                                  | tls_enabled | true            | true
            restart it                                   | tls_enabled | true            | false
            the password is [redacted]                   | user_name   | "[redacted]"    | false
            """)
    void onlyWhatThePersonWrote(String words, String name, String value, boolean stands) throws Exception {
        JsonNode json = JSON.readTree(value);
        assertEquals(stands, GroundedValue.standsIn(words, variable(name, null), json));
    }
}
