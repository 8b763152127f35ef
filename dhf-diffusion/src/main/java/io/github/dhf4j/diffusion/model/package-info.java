/** The networks of Stable Diffusion 1.x, 2.x and XL under diffusers' names. Each class declares its keys, and calls one script method. */
@NullMarked
package io.github.dhf4j.diffusion.model;

import org.jspecify.annotations.NullMarked;
