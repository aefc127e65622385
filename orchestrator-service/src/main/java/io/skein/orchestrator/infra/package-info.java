/**
 * What the infra agent knows: playbooks, inventories, and which playbook a sentence means. A narrow client of its REST API
 * and a short-lived cache; nothing here decides anything.
 */
package io.skein.orchestrator.infra;
