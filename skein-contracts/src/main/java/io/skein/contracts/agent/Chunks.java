package io.skein.contracts.agent;

import io.skein.contracts.wire.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Cuts messages of more than 1 MiB into parts of 256 KiB, and joins them again. */
public final class Chunks {

    /** What is longer travels in parts. */
    public static final int MAX_WHOLE_BYTES = 1024 * 1024;

    /** Of the whole in each part but the last. */
    public static final int CHUNK_BYTES = 256 * 1024;

    /** 16 MiB; a message that is longer is nobody's to send. */
    public static final int MAX_CHUNKS = 64;

    private Chunks() {}

    /**
     * The message itself when it is short enough, else its parts in order.
     *
     * @throws IllegalArgumentException when it is too long even for parts
     */
    public static List<AgentMessage> split(AgentMessage message) {
        byte[] whole = message.toJson();
        if (whole.length <= MAX_WHOLE_BYTES) {
            return List.of(message);
        }
        int count = (whole.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
        if (count > MAX_CHUNKS) {
            throw new IllegalArgumentException("a message of " + whole.length + " bytes is too long to be sent");
        }
        String sha256 = sha256(whole);
        List<AgentMessage> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = Arrays.copyOfRange(whole, i * CHUNK_BYTES, Math.min(whole.length, (i + 1) * CHUNK_BYTES));
            parts.add(AgentMessage.create(
                    message.fromAgent(),
                    message.toAgent(),
                    message.traceId(),
                    message.requestId(),
                    new WorkChunk(message.payload().type(), message.messageId(), i, count, sha256, data)));
        }
        return parts;
    }

    /**
     * The whole again.
     *
     * @param parts all of them, in order
     * @param envelope that of one of the parts
     * @throws MalformedMessageException when they do not make the message they say they make
     */
    public static AgentMessage join(List<byte[]> parts, AgentMessage envelope) {
        WorkChunk chunk = (WorkChunk) envelope.payload();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        if (parts.size() != chunk.count() || !sha256(whole.toByteArray()).equals(chunk.sha256())) {
            throw new MalformedMessageException("the parts of " + chunk.ofMessage() + " do not make it", null);
        }
        AgentMessage message = AgentMessage.fromJson(whole.toByteArray());
        boolean same = message.messageId().equals(chunk.ofMessage())
                && message.requestId().equals(envelope.requestId())
                && message.fromAgent().equals(envelope.fromAgent())
                && message.payload().type().equals(chunk.ofType());
        if (!same || message.payload() instanceof WorkChunk) {
            throw new MalformedMessageException("the parts of " + chunk.ofMessage() + " make another message", null);
        }
        return message;
    }

    /**
     * Refuses what nobody would make.
     *
     * @throws MalformedMessageException when the part is none
     */
    public static void check(WorkChunk chunk) {
        boolean good = chunk.ofType() != null
                && chunk.ofMessage() != null
                && chunk.sha256() != null
                && chunk.data() != null
                && chunk.count() >= 1
                && chunk.count() <= MAX_CHUNKS
                && chunk.index() >= 0
                && chunk.index() < chunk.count()
                && chunk.data().length <= CHUNK_BYTES;
        if (!good) {
            throw new MalformedMessageException("no part of a message", null);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
