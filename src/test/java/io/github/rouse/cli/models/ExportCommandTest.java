// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import io.github.rouse.TestModels;
import io.github.rouse.TestPhones;
import io.github.rouse.VerifiedModels;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void exportsAModelOfASubsetOfTheWords() throws IOException {
    Path all = folder.resolve("all.onnx");
    Path one = folder.resolve("new/b.onnx");
    TestModels.loudness(List.of("a", "b"), 1, 2).write(all);
    assertEquals(0, terminal.run("export", all, "--word", "b", "--out", one));
    assertEquals(List.of("b"), WakeModel.read(one).words());
    assertEquals("b", WakeModel.read(one).name());
  }

  @Test
  void theLicenceIsStatedInTheModel() throws IOException {
    Path model = folder.resolve("a.onnx");
    Path licensed = folder.resolve("b.onnx");
    TestModels.loudness("a").write(model);
    assertEquals(0, terminal.run("export", model, "--licence", "MIT", "--out", licensed));
    assertEquals("MIT", WakeModel.read(licensed).provenance().facts().get(Provenance.LICENCE));
    Path phones = folder.resolve("phones.onnx");
    TestPhones.recogniser().write(phones, WeightType.FP32);
    assertEquals(
        2, terminal.run("export", phones, "--licence", "MIT", "--out", folder.resolve("c.onnx")));
    assertFalse(Files.exists(folder.resolve("c.onnx")));
  }

  @Test
  void unknownWordIsRejectedAndNothingIsWritten() throws IOException {
    Path all = folder.resolve("all.onnx");
    TestModels.loudness(List.of("a", "b"), 1, 2).write(all);
    assertEquals(2, terminal.run("export", all, "--word", "c", "--out", folder.resolve("c.onnx")));
    assertTrue(terminal.err().toString().contains("words=[c], expected some of [a, b]"));
    assertFalse(Files.exists(folder.resolve("c.onnx")));
  }

  @Test
  void exportsAPhoneRecogniserWithSmallWeights() throws IOException {
    Path all = folder.resolve("phones.onnx");
    Path small = folder.resolve("small.onnx");
    TestPhones.recogniser().write(all, WeightType.FP32);
    assertEquals(0, terminal.run("export", all, "--weights", "int8", "--out", small));
    assertEquals(TestPhones.recogniser().phones(), PhoneModel.read(small).phones());
    assertTrue(Files.size(small) < Files.size(all), Files.size(small) + " bytes");
    assertEquals(2, terminal.run("export", all, "--word", "AH", "--out", small, "--force"));
    assertTrue(terminal.err().toString().contains("only --weights"), terminal.err().toString());
  }

  @Test
  void exportsTheVerifierAsAGraphOfItsOwn() throws IOException {
    Path model = folder.resolve("loud.onnx");
    Path out = folder.resolve("verifier.onnx");
    VerifiedModels.loudness(2, 0.5f).write(model);
    assertEquals(0, terminal.run("export", model, "--verifier", "--out", out));
    GraphProto graph = OnnxFile.read(out).getGraph();
    assertEquals("features", graph.getInput(0).getName());
    assertEquals("logits", graph.getOutput(0).getName());
  }

  @Test
  void aVerifierThatIsNotThereIsNotExported() throws IOException {
    Path model = folder.resolve("plain.onnx");
    Path out = folder.resolve("verifier.onnx");
    TestModels.loudness("plain").write(model);
    assertEquals(2, terminal.run("export", model, "--verifier", "--out", out));
    assertTrue(terminal.err().toString().contains("plain: has no verifier"));
    assertFalse(Files.exists(out));
  }
}
