package io.skein.platform.problem;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** An RFC 9457 problem document: type, title, status, detail, and our {@code code}, {@code traceId} and extensions. */
public record Problem(ErrorCode code, String detail, String traceId, Map<String, Object> members) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** The document as JSON text. */
    public String toJson() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "urn:skein:error:" + code.code());
        document.put("title", code.title());
        document.put("status", code.status());
        document.put("code", code.code());
        if (detail != null) {
            document.put("detail", detail);
        }
        if (traceId != null) {
            document.put("traceId", traceId);
        }
        members.forEach(document::putIfAbsent);
        return WireFormat.writeString(document);
    }
}
