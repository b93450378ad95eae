// SPDX-License-Identifier: Apache-2.0
/**
 * Exports models for other runtimes: {@link io.github.rouse.model.export.PortableGraph} adds the
 * front end or the streaming state to the graph, {@link
 * io.github.rouse.model.export.StreamingGraph} makes it run one step at a time. Uses {@code
 * feature} and {@code model.onnx}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.model.export;
