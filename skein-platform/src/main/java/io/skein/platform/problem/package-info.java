/** RFC 9457 problem documents from the one error catalogue. */
package io.skein.platform.problem;
