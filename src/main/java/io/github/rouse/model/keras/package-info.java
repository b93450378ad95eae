// SPDX-License-Identifier: Apache-2.0
/**
 * Imports Keras models: {@link io.github.rouse.model.keras.KerasReader} reads the architecture from
 * JSON and the weights from HDF5. Uses {@code file} and {@code model.onnx}. Only this room depends
 * on jHDF.
 */
package io.github.rouse.model.keras;
