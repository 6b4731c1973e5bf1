/**
 * A job on real input: several processes count the words of every file of a source tree or a zip. {@link CountWords} is the job,
 * {@link Corpus} its input, {@link Tally} its result.
 */
@NullMarked
package dev.interlock.examples.words;

import org.jspecify.annotations.NullMarked;
