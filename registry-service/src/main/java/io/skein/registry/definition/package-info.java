/**
 * Agent definitions: who they are, what wakes them, what they can do. Read from YAML or JSON, checked, kept in versions that never
 * change once published. The shipped ones are loaded at start.
 */
package io.skein.registry.definition;
