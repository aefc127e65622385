/** Events that people publish: checked, then on their way through the outbox like everybody's. */
package io.skein.runtime.publish;
