// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.rouse.model.onnx.ConstantFolding;
import io.github.rouse.model.onnx.Constants;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.OnnxNode;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Cascade;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Planes;
import io.github.rouse.nn.RecurrentLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph rewritten to be run one step at a time: recurrent state becomes inputs and outputs, and
 * convolutions read a window of frames instead of padding a clip.
 *
 * @param model the rewritten model
 * @param window frames that one step reads
 * @param states the recurrent state to carry from step to step
 */
public record StreamingGraph(ModelProto model, int window, List<State> states) {

  /** A state [1, 1, units]: the names of its input and output. */
  public record State(String in, String out, int units) {}

  public static StreamingGraph of(ModelProto model, Network network) {
    checkWindow(network);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    List<State> states = new ArrayList<>();
    Constants constants = new Constants(model.getGraph());
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      if (ConstantFolding.fold(new OnnxNode(node.build(), constants))) {
        continue;
      }
      switch (node.getOpType()) {
        case "Conv" -> unpad(node);
        case "Pad" ->
            throw new IllegalArgumentException(
                "a Pad node pads frames, which ONNX Runtime cannot stream; use the native"
                    + " engine");
        case "GRU", "RNN" -> carry(node, graph, constants, 1, states);
        case "LSTM" -> carry(node, graph, constants, 2, states);
        default -> {}
      }
    }
    int padding = network.layers().get(0) instanceof Conv1d c ? c.padding() : 0;
    return new StreamingGraph(
        model.toBuilder().setGraph(graph).build(),
        network.firstStepFrames() + padding,
        List.copyOf(states));
  }

  /**
   * Rejects a network whose step depends on more than a window of frames and the recurrent state.
   */
  private static void checkWindow(Network network) {
    boolean conv = true; // may the next layer be a convolution?
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof Bidirectional || layer instanceof AttentionPooling) {
        layer.prepare(); // throws, saying why
      } else if (layer instanceof Planes
          || layer instanceof Conv1d.Lead
          || layer instanceof Cascade) {
        throw new IllegalArgumentException(
            "layer "
                + i
                + " is a "
                + layer.getClass().getSimpleName()
                + ", which ONNX Runtime cannot stream; use the native engine");
      } else if (layer instanceof Conv1d c) {
        if (!conv) {
          throw new IllegalArgumentException(
              "layer "
                  + i
                  + " is a convolution after a recurrent layer, which ONNX Runtime"
                  + " cannot stream; use the native engine");
        }
        if (c.padding() > 0 && i > 0) {
          throw new IllegalArgumentException(
              "layer "
                  + i
                  + " is a convolution with padding="
                  + c.padding()
                  + " after the first layer, which ONNX Runtime cannot stream; use the"
                  + " native engine");
        }
      } else {
        conv &= !(layer instanceof RecurrentLayer);
      }
    }
  }

  private static void unpad(NodeProto.Builder node) {
    for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.getName().equals("pads") && attribute.getIntsCount() != 2) {
        throw new IllegalArgumentException(
            "a convolution in two dimensions, which ONNX Runtime cannot stream; use the native"
                + " engine");
      } else if (attribute.getName().equals("pads")) {
        attribute.clearInts().addInts(0).addInts(0);
      }
    }
  }

  /** Turns a node's first {@code count} states (h, then c) into graph inputs and outputs. */
  private static void carry(
      NodeProto.Builder node,
      GraphProto.Builder graph,
      Constants constants,
      int count,
      List<State> states) {
    while (node.getInputCount() < 5 + count) {
      node.addInput("");
    }
    while (node.getOutputCount() < 1 + count) {
      node.addOutput("");
    }
    int units = constants.get(node.getInput(2)).dims()[2];
    for (int s = 0; s < count; s++) {
      String in = "rouse_state_" + states.size() + "_in";
      String out = "rouse_state_" + states.size() + "_out";
      node.setInput(5 + s, in).setOutput(1 + s, out);
      graph
          .addInput(GraphNodes.value(in, 1, 1, units))
          .addOutput(GraphNodes.value(out, 1, 1, units));
      states.add(new State(in, out, units));
    }
  }
}
