/** Well-known things that scripts, machines and build servers report, each with a body of its own. Depends on publishing. */
package io.skein.runtime.alert;
