/** Agent definitions: who they are, what wakes them, what they can do. The shipped ones are loaded at start. */
package io.skein.registry.definition;
