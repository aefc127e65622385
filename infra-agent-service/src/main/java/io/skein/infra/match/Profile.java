package io.skein.infra.match;

import io.skein.infra.catalogue.Playbook;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known about a playbook for matching.
 *
 * @param texts phrases that mean it: name, description, examples, service with name
 * @param vocabulary stems of all of them and of path and tags
 * @param acts what it does
 * @param service stems of the service's name; empty when it has none
 */
record Profile(
        Playbook playbook,
        List<String> texts,
        List<Set<String>> textStems,
        Set<String> vocabulary,
        Set<Words.Act> acts,
        Set<String> service,
        String serviceName) {

    static Profile of(Playbook playbook) {
        String service = playbook.service() == null ? "" : playbook.service().replaceAll("[_-]+", " ");
        String path = playbook.path().replaceAll("\\.ya?ml$", "").replaceAll("[/_.-]+", " ");
        boolean named = playbook.name().toLowerCase(Locale.ROOT).contains(service.toLowerCase(Locale.ROOT));
        List<String> texts = Stream.concat(
                        Stream.of(
                                playbook.name(),
                                playbook.description(),
                                service.isEmpty() || named ? null : playbook.name() + " " + service,
                                path),
                        playbook.examples().stream())
                .filter(Objects::nonNull)
                .filter(t -> !t.isBlank())
                .distinct()
                .toList();
        List<Set<String>> stems = texts.stream()
                .map(t -> (Set<String>) new LinkedHashSet<>(Words.stems(t)))
                .toList();
        Set<String> vocabulary = new LinkedHashSet<>();
        stems.forEach(vocabulary::addAll);
        playbook.tags().forEach(tag -> vocabulary.addAll(Words.stems(tag)));
        vocabulary.addAll(Words.stems(service));
        Set<Words.Act> acts = texts.stream()
                .filter(t -> !t.equals(playbook.description()))
                .flatMap(t -> Words.acts(t).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return new Profile(playbook, texts, stems, vocabulary, acts, Set.copyOf(Words.stems(service)), service);
    }
}
