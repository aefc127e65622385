/**
 * Language models, whoever provides them: a conversation in our words, LangChain4j's clients for the providers' formats, one bounded
 * and interruptible HTTP client under them, and what a call costs. Who may ask, what for and how often is the service's that asks.
 */
package io.skein.models;
