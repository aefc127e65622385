/**
 * What is delivered beside the code: the chart, the kustomize manifests, the Dockerfiles and the workflows. Nothing here needs a
 * cluster or a container engine: the manifests are rendered by the real helm and kubectl and then judged by {@link
 * io.skein.packaging.ManifestRules}, which {@code ManifestRulesTest} feeds with planted mistakes to prove that it can say no.
 */
package io.skein.packaging;
