/** Pairs of images with key points of the same meaning, where images' features come from, and the cache that keeps them. */
@NullMarked
package io.github.dhf4j.data;

import org.jspecify.annotations.NullMarked;
