/** What may get into a log. */
package io.skein.platform.logging;
