// SPDX-License-Identifier: Apache-2.0
/**
 * Converts between ONNX graphs and networks. {@link io.github.rouse.model.onnx.OnnxFile} parses an
 * untrusted file, {@link io.github.rouse.model.onnx.OnnxReader} turns its graph into layers, {@link
 * io.github.rouse.model.onnx.OnnxWriter} turns layers into a graph. Uses {@code nn}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.model.onnx;
