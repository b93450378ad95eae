// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.foreign;

import io.github.rouse.nn.Windowed;

/** A third-party graph, loaded into ONNX Runtime when its first stream starts. */
final class InstalledClassifier implements Windowed.Classifier {
  private final ForeignGraph graph;
  private Windowed.Classifier classifier;

  InstalledClassifier(ForeignGraph graph) {
    this.graph = graph;
  }

  ForeignGraph graph() {
    return graph;
  }

  @Override
  public Windowed.ClassifierStream start() {
    return classifier().start();
  }

  private synchronized Windowed.Classifier classifier() {
    if (classifier == null) {
      classifier = GraphRuntime.installed().classifier(graph);
    }
    return classifier;
  }
}
