// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import io.github.rouse.nn.Network;

/**
 * A network from a third-party file, which does not define the meaning of its inputs and outputs.
 *
 * @param network the layers
 * @param source where they came from, for {@code Provenance.of}
 */
public record ImportedNetwork(Network network, String source) {}
