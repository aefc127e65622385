/** The error catalogue of every API. */
package io.skein.contracts.error;
