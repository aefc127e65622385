/**
 * What people may believe about plans, checked against what several processes of the real orchestrator did while they were killed
 * again and again: what the database says, what the playbooks did, and what the audit trail tells are one story.
 */
package io.skein.e2e.plans;
