/**
 * Networks beside diffusion whose layers are feature maps: what the paper compares with, and what a user may compare
 * with on his own pairs before he pays for a denoising network.
 */
@NullMarked
package io.github.dhf4j.backbones;

import org.jspecify.annotations.NullMarked;
