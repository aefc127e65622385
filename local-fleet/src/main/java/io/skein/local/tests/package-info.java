/** Running the whole suite and counting what it says, out of the reports and not out of the log. */
package io.skein.local.tests;
