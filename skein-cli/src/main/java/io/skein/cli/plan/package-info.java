/** Plans: asking, showing, deciding, watching. */
package io.skein.cli.plan;
