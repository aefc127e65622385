package io.skein.infra.match;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.skein.infra.agent.AgentConfig;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sentence embeddings, in this process; the model comes in a jar. A few milliseconds each, so what was asked before is kept. */
@ApplicationScoped
class Embedder {

    private static final int KEPT = 4096;

    /** Loaded on first use, off the caller's path: {@link MatchService} touches it at start. */
    private static final class Model {
        private static final EmbeddingModel INSTANCE = new AllMiniLmL6V2QuantizedEmbeddingModel();
    }

    @Inject
    AgentConfig config;

    /** Keeps the tokenizer's native library out of the home folder, which may be read-only, and the tokenizer off the net. */
    @PostConstruct
    void prepare() {
        System.setProperty("DJL_CACHE_DIR", config.workDir().resolve("djl").toAbsolutePath().toString());
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private final Map<String, float[]> kept = Collections.synchronizedMap(new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > KEPT;
        }
    });

    /** The embedding, of length one. */
    float[] embed(String text) {
        float[] known = kept.get(text);
        if (known != null) {
            return known;
        }
        float[] vector = normalised(Model.INSTANCE.embed(text).content().vector());
        kept.put(text, vector);
        return vector;
    }

    /** Cosine of the angle between two embeddings. */
    static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    private static float[] normalised(float[] vector) {
        double square = 0;
        for (float v : vector) {
            square += v * v;
        }
        float length = (float) Math.sqrt(square);
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = vector[i] / length;
        }
        return unit;
    }
}
