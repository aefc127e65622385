/** Transactional outbox and inbox over RabbitMQ. */
package io.skein.platform.messaging;
