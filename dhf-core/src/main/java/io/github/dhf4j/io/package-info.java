/**
 * Files: safetensors (single and sharded), torch zip checkpoints under a whitelist, JSON configurations, atomic writes. Every
 * reader treats its file as hostile. For who writes a reader of checkpoints: begin at {@link io.github.dhf4j.io.TensorFile}.
 */
@NullMarked
package io.github.dhf4j.io;

import org.jspecify.annotations.NullMarked;
