package io.skein.infra.match;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.skein.infra.agent.AgentConfig;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** Sentence embeddings, in this process; the model comes in a jar. A few milliseconds each, so what was asked before is kept. */
@ApplicationScoped
class Embedder {

    private static final Logger LOG = Logger.getLogger(Embedder.class);
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
        System.setProperty(
                "DJL_CACHE_DIR",
                config.workDir().resolve("djl").toAbsolutePath().toString());
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            unpackRuntime(config.workDir().resolve("onnxruntime"));
        } catch (IOException e) {
            LOG.warnf("the ONNX runtime goes to the temp folder instead: %s", e.getMessage());
        }
    }

    /**
     * Left alone, the ONNX runtime unpacks its libraries into a new temp folder at every start, and a killed process leaves
     * them there: 20 MB each time.
     */
    private static void unpackRuntime(Path folder) throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
        if (!os.contains("linux")) {
            return;
        }
        Files.createDirectories(folder);
        for (String library : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
            String resource = "ai/onnxruntime/native/linux-" + arch + "/" + library;
            URL source = Thread.currentThread().getContextClassLoader().getResource(resource);
            if (source == null) {
                return;
            }
            URLConnection connection = source.openConnection();
            Path target = folder.resolve(library);
            if (!Files.exists(target) || Files.size(target) != connection.getContentLengthLong()) {
                Path part = Files.createTempFile(folder, library, ".part");
                try (InputStream in = connection.getInputStream()) {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        System.setProperty("onnxruntime.native.path", folder.toAbsolutePath().toString());
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
