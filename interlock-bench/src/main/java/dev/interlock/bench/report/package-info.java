/** What was measured, and how it is shown: as tables and as JSON. Nothing here measures. */
@NullMarked
package dev.interlock.bench.report;

import org.jspecify.annotations.NullMarked;
