/**
 * Models by name: {@link io.github.dhf4j.io.hub.Hub} fetches files of the Hugging Face hub into the cache that Python's
 * {@code huggingface_hub} uses, in its layout, so that neither downloads what the other has. What comes from the server is
 * treated as hostile: names, digests and sizes are checked before anything is written where others look.
 *
 * <p>Source: the layout, the headers and the environment variables are those of huggingface_hub 2.4.
 */
@NullMarked
package io.github.dhf4j.io.hub;

import org.jspecify.annotations.NullMarked;
