// SPDX-License-Identifier: Apache-2.0
/**
 * Wraps third-party ONNX graphs that Rouse has no layers for as networks of one layer: {@link
 * io.github.rouse.model.foreign.ForeignReader} reads them, a {@link
 * io.github.rouse.model.foreign.GraphRuntime} found at run time runs them. Uses {@code model.onnx}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.model.foreign;
