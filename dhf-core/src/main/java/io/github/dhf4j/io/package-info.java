/** Files: safetensors (single and sharded), torch zip checkpoints under a whitelist, JSON configurations, atomic writes. Every reader treats its file as hostile. */
@NullMarked
package io.github.dhf4j.io;

import org.jspecify.annotations.NullMarked;
