/**
 * The orchestrator: requests become plans, people approve them, agents carry them out. Feature packages, from the words
 * inwards: {@code language} → {@code draft} → {@code infra}, {@code routing} → {@code planning} → {@code plan} →
 * {@code dispatch} → {@code approval}, {@code request}, {@code stream}; dependencies go this way only.
 */
package io.skein.orchestrator;
