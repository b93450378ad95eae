// SPDX-License-Identifier: Apache-2.0
/**
 * Imports Keras models: {@link io.github.rouse.model.keras.KerasReader} reads the architecture from
 * JSON and the weights from HDF5. Uses {@code file} and {@code model.onnx}. Only this room depends
 * on jHDF.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.model.keras;
