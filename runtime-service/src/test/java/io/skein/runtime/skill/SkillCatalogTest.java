package io.skein.runtime.skill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RUN-02: a name means one skill. */
class SkillCatalogTest {

    private record Named(String name) implements Skill {

        @Override
        public String description() {
            return name;
        }

        @Override
        public ObjectNode inputSchema() {
            return SkillSchema.of("{}");
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            return new SkillOutcome.Done(call.input());
        }
    }

    private record Source(Skill skill) implements SkillSource {

        @Override
        public Optional<Skill> find(String name) {
            return skill.name().equals(name) ? Optional.of(skill) : Optional.empty();
        }

        @Override
        public List<Skill> known() {
            return List.of(skill);
        }
    }

    @Test
    void ownSkillsAndThoseOfSourcesAreFound() {
        Skill own = new Named("plan.run");
        Skill foreign = new Named("mcp.a.b");
        SkillCatalog catalog = new SkillCatalog(List.of(own), List.of(new Source(foreign)));
        assertSame(own, catalog.find("plan.run").orElseThrow());
        assertSame(foreign, catalog.find("mcp.a.b").orElseThrow());
        assertTrue(catalog.find("plan").isEmpty());
        assertEquals(
                List.of("mcp.a.b", "plan.run"),
                catalog.all().stream().map(Skill::name).toList());
    }

    @Test
    void aSourceCannotTakeTheNameOfAnOwnSkill() {
        Skill own = new Named("plan.run");
        SkillCatalog catalog = new SkillCatalog(List.of(own), List.of(new Source(new Named("plan.run"))));
        assertSame(own, catalog.find("plan.run").orElseThrow());
        assertEquals(List.of(own), catalog.all());
    }

    @Test
    void twoOfOneNameAreAMistake() {
        assertThrows(
                IllegalStateException.class,
                () -> new SkillCatalog(List.of(new Named("a"), new Named("a")), List.of()));
    }
}
