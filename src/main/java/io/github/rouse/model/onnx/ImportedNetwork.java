package io.github.rouse.model.onnx;

import io.github.rouse.nn.Network;

/**
 * A network from somebody else's file, which does not say what its inputs and outputs mean.
 *
 * @param network the layers
 * @param source where they came from, for {@code Provenance.of}
 */
public record ImportedNetwork(Network network, String source) {}
