/**
 * Which playbook a request means. Sentence embeddings computed in this process, words and verbs give a calibrated confidence;
 * under the threshold nothing is matched and candidates are returned. Depends on {@code catalogue} and {@code inventory}.
 */
package io.skein.infra.match;
