// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.nn.Network;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedModelsTest {
  @Test
  void aShippedModelIsFoundByItsName() throws IOException {
    WakeModel named = WakeModel.named("jarvis");
    WakeModel read = WakeModel.read(Path.of("models/jarvis.onnx"));
    assertEquals("jarvis", named.name());
    assertEquals(read.words(), named.words());
    assertEquals(read.weightsSha256(), named.weightsSha256());
  }

  /** A pipeline computes these layers once. */
  @Test
  void theShippedWordsHaveAllLayersInCommonButTheirOwnOutputs() throws IOException {
    Network alexa = WakeModel.read(Path.of("models/alexa.onnx")).fused().folded();
    for (String word : List.of("computer", "jarvis")) {
      Network other = WakeModel.read(Path.of("models", word + ".onnx")).fused().folded();
      assertEquals(alexa.layers().size() - 2, alexa.layersLike(other), word);
    }
  }

  @Test
  void aVerifiersEncoderIsHeldOnce() throws IOException {
    WakeModel alexa = WakeModel.read(Path.of("models/alexa.onnx"));
    WakeModel jarvis = WakeModel.read(Path.of("models/jarvis.onnx"));
    assertSame(encoder(alexa), encoder(jarvis));
  }

  private static SpeechEncoder encoder(WakeModel model) {
    return model.verifier().orElseThrow().encoder();
  }

  @Test
  void anUnknownNameIsRejected() {
    for (String name : List.of("nova", "", "../models/jarvis", "jarvis.onnx")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> WakeModel.named(name)).getMessage();
      assertEquals("model=" + name + ", expected a shipped model, such as jarvis", message);
    }
  }

  @Test
  void withoutTheModelsTheMessageNamesTheDependency() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.endsWith("test-classes")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method named = loader.loadClass(WakeModel.class.getName()).getMethod("named", String.class);
      var e = assertThrows(InvocationTargetException.class, () -> named.invoke(null, "jarvis"));
      assertEquals(
          "the shipped models are not on the class path: add io.github.rouse:rouse with the"
              + " classifier models",
          e.getCause().getMessage());
    }
  }
}
