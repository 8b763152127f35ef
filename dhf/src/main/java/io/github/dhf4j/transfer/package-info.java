/**
 * Labels of a few pictures carried over to many: {@link io.github.dhf4j.transfer.AnnotationTransfer} for a picture,
 * {@link io.github.dhf4j.transfer.TransferRun} for a folder of them.
 */
@NullMarked
package io.github.dhf4j.transfer;

import org.jspecify.annotations.NullMarked;
