/**
 * Training of a small vision transformer without labels, from nothing but pictures; begin at
 * {@link io.github.dhf4j.backbones.train.BackboneTrainer}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.backbones.train;

import org.jspecify.annotations.NullMarked;
