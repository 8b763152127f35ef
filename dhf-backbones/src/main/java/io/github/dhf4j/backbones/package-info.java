/**
 * Networks beside diffusion whose layers are feature maps: what the paper compares with, and what a user may compare
 * with on his own pairs before he pays for a denoising network. Found through the front door by themselves; begin at what is
 * taken of them, such as {@link io.github.dhf4j.backbones.Dinov2#paper}. Of methods that need both images at once, begin at
 * {@link io.github.dhf4j.backbones.DhpfFinder}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.backbones;

import org.jspecify.annotations.NullMarked;
