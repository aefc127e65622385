/** Traces and limits of HTTP requests. */
package io.skein.platform.http;
