package io.github.dhf4j.spi;

import ai.djl.ndarray.types.DataType;

/**
 * What is wanted of a published repository.
 *
 * @param dtype in which the network is to run, for who publishes several
 * @param unet whether a diffusion checkpoint's own UNet is; false where another file's weights take its place
 */
public record WantedParts(DataType dtype, boolean unet) {}
