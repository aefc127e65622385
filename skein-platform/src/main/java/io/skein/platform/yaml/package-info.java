/** YAML that somebody else wrote, read within bounds. */
package io.skein.platform.yaml;
