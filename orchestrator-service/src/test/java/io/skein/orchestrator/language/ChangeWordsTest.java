package io.skein.orchestrator.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeWordsTest {

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("drop step 2", new Change.Drop(2)),
                arguments("Please drop the second step.", new Change.Drop(2)),
                arguments("without step 1", new Change.Drop(1)),
                arguments("drop steps 1, 2 and 4", new Change.Drop(1), new Change.Drop(2), new Change.Drop(4)),
                arguments("set kuma_port to 3002", new Change.Assign("kuma_port to 3002", null)),
                arguments("use port 3002", new Change.Assign("port 3002", null)),
                arguments("kuma_port=3002", new Change.Assign("kuma_port=3002", null)),
                arguments("the port should be 3002", new Change.Assign("port should be 3002", null)),
                arguments("use port 3002 in step 1", new Change.Assign("port 3002", 1)),
                arguments("run step 2 first", new Change.Move(2, null)),
                arguments("move step 3 before step 1", new Change.Move(3, 1)),
                arguments("run step 1 after step 2", new Change.Move(2, 1)),
                arguments("swap steps 1 and 2", new Change.Move(2, 1)),
                arguments("use uptime-kuma/deploy.yml", new Change.Pick("uptime-kuma/deploy.yml")),
                arguments("run it on nas01", new Change.Retarget("run it on nas01")),
                arguments("on the homelab", new Change.Retarget("on the homelab")),
                arguments("also restart nginx", new Change.Add("restart nginx")),
                arguments("drop step 2 and use port 3002", new Change.Drop(2), new Change.Assign("port 3002", null)),
                arguments("make it nicer", new Change.Add("make it nicer")),
                arguments("hmm", new Change.Unclear("hmm")));
    }

    private static Arguments arguments(String words, Change... changes) {
        return Arguments.of(words, List.of(changes));
    }

    @ParameterizedTest
    @MethodSource("words")
    void reads(String words, List<Change> expected) {
        assertEquals(expected, ChangeWords.read(words, false));
    }

    @Test
    void anOpenQuestionCanBeAnsweredWithANumber() {
        assertEquals(List.of(new Change.Choose(2)), ChangeWords.read("2", true));
        assertEquals(List.of(new Change.Choose(1)), ChangeWords.read("the first one", true));
        assertFalse(Change.understood(ChangeWords.read("2", false)));
    }
}
