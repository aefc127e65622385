package io.skein.runtime.skill;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds a skill by the name definitions know it by. Skein's own come first: no server can take the place of one. */
@ApplicationScoped
public class SkillCatalog {

    private final Map<String, Skill> own = new TreeMap<>();
    private final List<SkillSource> sources;

    @Inject
    SkillCatalog(@Any Instance<Skill> own, @Any Instance<SkillSource> sources) {
        this(own.stream().toList(), sources.stream().toList());
    }

    /**
     * @throws IllegalStateException when two skills have the same name
     */
    public SkillCatalog(Collection<? extends Skill> own, Collection<? extends SkillSource> sources) {
        for (Skill skill : own) {
            if (this.own.put(skill.name(), skill) != null) {
                throw new IllegalStateException("two skills are called " + skill.name());
            }
        }
        this.sources = List.copyOf(sources);
    }

    public Optional<Skill> find(String name) {
        Skill skill = own.get(name);
        return skill != null
                ? Optional.of(skill)
                : sources.stream().flatMap(source -> source.find(name).stream()).findFirst();
    }

    /** By name. */
    public List<Skill> all() {
        return Stream.concat(
                        own.values().stream(),
                        sources.stream()
                                .flatMap(source -> source.known().stream())
                                .filter(skill -> !own.containsKey(skill.name())))
                .sorted(Comparator.comparing(Skill::name))
                .toList();
    }
}
