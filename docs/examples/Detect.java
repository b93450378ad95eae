// Detects a word in a WAV with nothing of Rouse but an exported file and ONNX Runtime:
//   rouse export models/jarvis.onnx --streaming --with-frontend --out jarvis.step.onnx
//   java -cp onnxruntime.jar docs/examples/Detect.java jarvis.step.onnx jarvis.wav 0.7
// The WAV has 16 bits, one channel and the model's sample rate.
import ai.onnxruntime.*;
import java.io.File;
import java.nio.*;
import java.util.*;
import javax.sound.sampled.AudioSystem;

class Detect {
  public static void main(String[] args) throws Exception {
    ByteBuffer wav = ByteBuffer.wrap(AudioSystem.getAudioInputStream(new File(args[1])).readAllBytes());
    ShortBuffer pcm = wav.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    OrtEnvironment ort = OrtEnvironment.getEnvironment();
    OrtSession step = ort.createSession(args[0]);
    String facts = step.getMetadata().getCustomMetadata().get("rouse.export");
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (NodeInfo input : step.getInputInfo().values()) { // nothing remembered yet
      long[] shape = ((TensorInfo) input.getInfo()).getShape();
      for (int i = 0; i < shape.length; i++) {
        shape[i] = shape[i] >= 0 ? shape[i] : input.getName().contains("context") ? number(facts, "padding") : 0;
      }
      int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      inputs.put(input.getName(), OnnxTensor.createTensor(ort, FloatBuffer.allocate(size), shape));
    }
    float before = 0;
    for (int size = number(facts, "first"); pcm.remaining() >= size; size = number(facts, "next")) {
      float[] samples = new float[size];
      for (int i = 0; i < size; i++) samples[i] = pcm.get() / 32768f;
      inputs.put("pcm", OnnxTensor.createTensor(ort, FloatBuffer.wrap(samples), new long[] {1, size}));
      OrtSession.Result result = step.run(inputs);
      for (String name : step.getOutputNames()) { // remembered until the next step
        if (name.endsWith("_out")) inputs.put(name.replace("_out", "_in"), (OnnxTensor) result.get(name).get());
      }
      float posterior = ((float[][][]) result.get("posteriors").get().getValue())[0][0][0];
      if (posterior >= Float.parseFloat(args[2]) && before < Float.parseFloat(args[2])) {
        System.out.printf(Locale.ROOT, "heard at %.2f s%n", (double) pcm.position() / number(facts, "sample_rate"));
      }
      before = posterior;
    }
  }

  static int number(String facts, String name) {
    return Integer.parseInt(facts.replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
  }
}
