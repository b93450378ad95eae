// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes models. A {@link io.github.rouse.model.WakeModel} is one ONNX file: the graph is
 * the network from features to posteriors, and {@code metadata_props} under {@code rouse.*} hold
 * the rest ({@link io.github.rouse.model.Metadata}). {@link io.github.rouse.model.Signature} signs
 * and verifies files, {@link io.github.rouse.model.Features} parses feature specs.
 *
 * <p>Uses {@code file}, {@code trigger}, {@code model.export}, {@code model.foreign} and the rooms
 * below them. {@code engine}, which runs models in ONNX Runtime, is loaded only when needed.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.model;
