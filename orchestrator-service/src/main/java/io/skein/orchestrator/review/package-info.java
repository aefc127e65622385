/** What a model suggested about a plan that failed, beside the plan: it changes nothing in it. */
package io.skein.orchestrator.review;
