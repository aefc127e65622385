/**
 * Answers RabbitMQ's HTTP authorisation backend: nodes and agents sign in at the broker with their API token, and may do there
 * what {@code BrokerRights} says. Depends on {@code apitokens}.
 */
package io.skein.frontdoor.broker;
