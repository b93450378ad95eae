// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.rouse.TestEncoders;
import io.github.rouse.TestModels;
import io.github.rouse.actions.Config;
import io.github.rouse.actions.Marks;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.guide.StepInput;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.Metadata;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Signature;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.foreign.ForeignGraphTest;
import io.github.rouse.model.foreign.ForeignReader;
import io.github.rouse.model.keras.KerasReader;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.phones.PhoneBank;
import io.github.rouse.phones.Utterance;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.pronounce.TinyPronunciations;
import io.github.rouse.review.PeopleInput;
import io.github.rouse.serve.TestShelf;
import io.github.rouse.serve.ThresholdFile;
import io.github.rouse.serve.mqtt.MqttInput;
import io.github.rouse.serve.web.WebInput;
import io.github.rouse.serve.wyoming.WyomingInput;
import io.github.rouse.train.recipe.RecipeFile;
import io.jhdf.HdfFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Every place that reads untrusted bytes, with small valid input. */
final class Doors {
  private static final Path SOUNDS = Path.of("src", "test", "resources", "audio");
  private static final Path MEMORY = Path.of("/dev/shm");

  private final List<FuzzDoor> doors = new ArrayList<>();
  private final Path scratch;
  private final Path file;

  private Doors() throws IOException {
    scratch =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "rouse-fuzz")
            : Files.createTempDirectory("rouse-fuzz");
    file = scratch.resolve("input");
  }

  /** All doors. */
  static List<FuzzDoor> all() throws IOException {
    Doors made = new Doors();
    for (Group group : made.groups()) {
      group.add();
    }
    return made.doors;
  }

  /** One door; makes only the groups of doors up to its own. */
  static FuzzDoor named(String name) throws IOException {
    Doors made = new Doors();
    for (Group group : made.groups()) {
      group.add();
      for (FuzzDoor door : made.doors) {
        if (door.name().equals(name)) {
          return door;
        }
      }
    }
    throw new IllegalArgumentException("door=" + name);
  }

  private interface Group {
    void add() throws IOException;
  }

  private List<Group> groups() {
    return List.of(this::texts, this::sounds, this::models, this::servers);
  }

  private interface FileReader {
    void read(Path file) throws Exception;
  }

  private FuzzDoor.Reader filed(FileReader reader) {
    return bytes -> {
      Files.write(file, bytes);
      reader.read(file);
    };
  }

  private void add(
      String name, boolean text, List<byte[]> seeds, FuzzDoor.Reader reader, Class<?>... allowed) {
    List<Class<? extends Throwable>> documented = new ArrayList<>();
    for (Class<?> each : allowed) {
      documented.add(each.asSubclass(Throwable.class));
    }
    doors.add(new FuzzDoor(name, seeds, text, reader, Set.copyOf(documented)));
  }

  private static byte[] sound(String name) throws IOException {
    return Files.readAllBytes(SOUNDS.resolve(name));
  }

  private void sounds() throws IOException {
    Path wav = scratch.resolve("a.wav");
    try (WavWriter writer = new WavWriter(wav, 16_000, 2)) {
      writer.write(TestModels.bursts(16_000, 0.02, 0.01), 0, 320);
      writer.commit();
    }
    byte[] pcm = Files.readAllBytes(wav);
    addSound("wav", pcm, extensible());
    addSound("aiff", aiff("AIFF"), aiff("AIFC"));
    addSound("au", au(1), au(3), au(6));
    addSound("flac", sound("tone16.flac"));
    addSound("mp3", sound("tone.mp3"), sound("tagged.mp3"));
    addSound("vorbis", sound("tone.ogg"));
    addSound("opus", sound("tone.opus"), sound("silk.opus"));
    addSound("aac", sound("tone.aac"));
    addSound("mp4", sound("tone.m4a"), sound("fragments.mp4"), sound("two.mp4"));
    addSound("caf", sound("tone.caf"));
    addSound("matroska", sound("tone.mka"), sound("tone.webm"));
  }

  private void addSound(String name, byte[]... seeds) {
    float[] block = new float[1 << 18];
    add(
        name,
        false,
        List.of(seeds),
        filed(
            path -> {
              try (AudioFile audio = AudioFile.open(path)) {
                for (long read = 0; read < 20_000_000; ) { // a short file may stand for much
                  int n = audio.read(block, 2048);
                  if (n < 0) {
                    break;
                  }
                  for (int i = 0; i < n * audio.channels(); i++) {
                    if (!Float.isFinite(block[i])) {
                      throw new IllegalStateException("a sample is not finite");
                    }
                  }
                  read += n;
                }
              }
            }),
        IOException.class);
  }

  private static byte[] extensible() {
    ByteBuffer wav = ByteBuffer.allocate(68 + 64).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(UTF_8)).putInt(124).put("WAVEfmt ".getBytes(UTF_8)).putInt(40);
    wav.putShort((short) -2).putShort((short) 1).putInt(8000).putInt(32_000).putShort((short) 4);
    wav.putShort((short) 32).putShort((short) 22).putShort((short) 32).putInt(4);
    wav.putShort((short) 3).put(new byte[] {0, 0, 0, 0, 16, 0, -128, 0, 0, -86, 0, 56, -101, 113});
    wav.put("data".getBytes(UTF_8)).putInt(64);
    for (int i = 0; i < 16; i++) {
      wav.putFloat(i / 16f);
    }
    return wav.array();
  }

  private static byte[] aiff(String kind) {
    boolean compressed = kind.equals("AIFC");
    ByteBuffer out = ByteBuffer.allocate(200);
    out.put("FORM".getBytes(UTF_8)).putInt(0).put(kind.getBytes(UTF_8));
    out.put("COMM".getBytes(UTF_8)).putInt(compressed ? 24 : 18).putShort((short) 1).putInt(32);
    out.putShort((short) 16).putShort((short) 0x400C).putLong(0xFA00000000000000L);
    if (compressed) {
      out.put("sowt".getBytes(UTF_8)).putShort((short) 0);
    }
    out.put("SSND".getBytes(UTF_8)).putInt(72).putLong(0).put(new byte[64]);
    byte[] bytes = Arrays.copyOf(out.array(), out.position());
    ByteBuffer.wrap(bytes).putInt(4, bytes.length - 8);
    return bytes;
  }

  private static byte[] au(int coding) {
    ByteBuffer out = ByteBuffer.allocate(24 + 64);
    out.put(".snd".getBytes(UTF_8)).putInt(24).putInt(64).putInt(coding).putInt(8000).putInt(1);
    return out.array();
  }

  private void models() throws IOException {
    List<byte[]> onnx = new ArrayList<>(ForeignGraphTest.files());
    TestModels.loudness("word").write(file);
    onnx.add(Files.readAllBytes(file));
    TestModels.random("word", TestModels.loudness("word").features(), 1).write(file);
    onnx.add(Files.readAllBytes(file));
    TestEncoders.random(1).write(file, WeightType.FP32);
    onnx.add(Files.readAllBytes(file));
    add(
        "onnx",
        false,
        onnx,
        filed(
            path -> {
              int refused = 0;
              FileReader[] readers = {
                WakeModel::read,
                OnnxReader::read,
                SpeechEncoder::find,
                PhoneModel::find,
                Metadata::read,
                Signature::claimed,
                ForeignReader::mayRead
              };
              for (FileReader reader : readers) {
                try {
                  reader.read(path);
                } catch (ModelFormatException e) {
                  refused++;
                }
              }
              if (refused == readers.length) {
                throw new ModelFormatException(path, "", "no reader takes it");
              }
            }),
        ModelFormatException.class);
    keras();
    Path sample = Path.of("audio-samples", "jarvis-quiet.flac");
    TestEncoders.bank(sample).write(file);
    bank("bank", Files.readAllBytes(file), EmbeddingBank::read);
    bank("phone-bank", phones(), PhoneBank::read);
    bank(
        "people",
        Files.readAllBytes(Path.of("models", "people", "alexa.people")),
        PeopleInput::read);
  }

  /** A file that is compressed after its first eight bytes: the damage is below the compression. */
  private void bank(String name, byte[] packed, FileReader reader) throws IOException {
    byte[] start = Arrays.copyOf(packed, 8);
    byte[] seed =
        new InflaterInputStream(new ByteArrayInputStream(packed, 8, packed.length - 8))
            .readAllBytes();
    add(
        name,
        false,
        List.of(seed),
        bytes -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          out.write(start);
          Deflater stored = new Deflater(Deflater.NO_COMPRESSION); // for speed
          try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, stored)) {
            deflating.write(bytes);
          } finally {
            stored.end();
          }
          Files.write(file, out.toByteArray());
          reader.read(file);
        },
        ModelFormatException.class);
  }

  /** Three steps of five phones. */
  private static byte[] phones() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(out);
    head.writeLong(0x524f555345303350L);
    DataOutputStream rest = new DataOutputStream(new DeflaterOutputStream(head));
    rest.writeUTF("abc");
    rest.writeDouble(0.04);
    rest.writeInt(5);
    rest.writeInt(3);
    rest.writeInt(9);
    rest.write(new byte[] {1, 1, 1, 0, 4, 2, 9, 0, 5});
    rest.close();
    return out.toByteArray();
  }

  private void keras() throws IOException {
    String layers =
        "{\"class_name\":\"Sequential\",\"keras_version\":\"2.4.0\",\"config\":{\"layers\":["
            + "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"in\",\"batch_input_shape\":"
            + "[null,null,3]}},{\"class_name\":\"Dense\",\"config\":{\"name\":\"d\",\"units\":2,"
            + "\"activation\":\"sigmoid\"}}]}}";
    try (var hdf = HdfFile.write(file)) {
      hdf.putAttribute("model_config", layers);
      var group = hdf.putGroup("model_weights").putGroup("d").putGroup("d");
      group.putDataset("kernel:0", new float[][] {{1, 2}, {3, 4}, {5, 6}});
      group.putDataset("bias:0", new float[] {7, 8});
    }
    byte[] hdf = Files.readAllBytes(file);
    try (var numbered = HdfFile.write(file)) {
      var group = numbered.putGroup("layers").putGroup("dense").putGroup("vars");
      group.putDataset("0", new float[][] {{1, 2}, {3, 4}, {5, 6}});
      group.putDataset("1", new float[] {7, 8});
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(zipped)) {
      zip.putNextEntry(new ZipEntry("config.json"));
      zip.write(layers.getBytes(UTF_8));
      zip.putNextEntry(new ZipEntry("metadata.json"));
      zip.write("{\"keras_version\":\"3.0.0\"}".getBytes(UTF_8));
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      zip.write(Files.readAllBytes(file));
    }
    add("hdf5", false, List.of(hdf), filed(KerasReader::read), ModelFormatException.class);
    add(
        "keras",
        false,
        List.of(zipped.toByteArray()),
        filed(KerasReader::read),
        ModelFormatException.class);
    Path weights = scratch.resolve("weights.h5");
    Files.write(weights, hdf);
    add(
        "keras-json",
        true,
        List.of(layers.getBytes(UTF_8)),
        filed(path -> KerasReader.read(weights, path)),
        ModelFormatException.class);
  }

  private static List<byte[]> texts(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(UTF_8)).toList();
  }

  private void texts() throws IOException {
    List<byte[]> recipes = new ArrayList<>();
    for (String recipe :
        List.of(
            "words.yaml",
            "verifier.yaml",
            "encoder/speech.yaml",
            "phones/english.yaml",
            "pronunciation/english.yaml")) {
      recipes.add(Files.readAllBytes(Path.of("models").resolve(recipe)));
    }
    add(
        "recipe",
        true,
        recipes,
        filed(path -> RecipeFile.read(path, warning -> {})),
        IOException.class);
    add(
        "config",
        true,
        texts(
            """
            exec: notify-send
            webhook: http://127.0.0.1:8123/wake
            chime: false
            save: {folder: clips, before: 3, after: 1, gigabytes: 1, days: 30}
            nearMisses: true
            secondChance: {seconds: 4, share: 0.7}
            words:
              jarvis:
                threshold: 0.6
                chime: true
              computer: {save: false}
            """),
        filed(Config::read),
        IOException.class);
    add(
        "dictionary",
        true,
        texts("ABOUT  AH0 B AW1 T\nABOUT(2)  AH0 B AW1 T # c\n;;; comment\n'BOUT  B AW1 T\n"),
        filed(PronouncingDictionary::read),
        IOException.class);
    add(
        "utterances",
        true,
        texts("a.wav\t0\t1.5\tAH B AW T\nb.wav\t2\t-\tK\n"),
        filed(Utterance::read),
        IOException.class);
    Pronouncer pronouncer = new Pronouncer(TinyPronunciations.english(), null);
    add(
        "phrase",
        true,
        texts("turn on the lights", "dr. smith's 2nd call at 12:30", "u.s.a. £1,234.50", "3/4"),
        bytes -> pronouncer.pronounce(new String(bytes, UTF_8), 3),
        IllegalArgumentException.class);
    Path folder = Files.createDirectories(scratch.resolve("marks"));
    Files.write(folder.resolve("a.wav"), new byte[0]);
    add(
        "marks",
        true,
        texts(
            "{\"clip\":\"a.wav\",\"word\":\"jarvis\",\"mark\":\"wrong\",\"clip_at\":3.0,"
                + "\"score\":0.9,\"time\":\"2026-01-02T03:05:00Z\"}\n"
                + "{\"clip\":\"a.wav\",\"mark\":\"right\"}\n"),
        bytes -> {
          Files.write(folder.resolve(Marks.FILE), bytes);
          Files.write(folder.resolve("clips.jsonl"), bytes);
          Marks.read(folder);
        },
        IOException.class);
    add(
        "thresholds",
        true,
        texts("{\"jarvis\":0.5,\"computer\":0.25}"),
        filed(ThresholdFile::read),
        IOException.class);
    add(
        "steps",
        true,
        texts("{\"word\":\"jarvis\",\"over\":[\"ADVISE\"]}", "{\"over\":5}", "{\"over\":[[]]}"),
        bytes -> StepInput.read(folder, bytes),
        IOException.class);
    add(
        "json",
        true,
        texts("{\"a\":[1,2.5,\"x\\u00e9\",null,true],\"b\":{\"c\":-1e3}}"),
        bytes -> JsonFields.parse(new String(bytes, UTF_8)),
        IllegalArgumentException.class);
  }

  private void servers() throws IOException {
    Path model = scratch.resolve("word.onnx");
    TestModels.loudness("word").write(model);
    TestShelf shelf = new TestShelf(List.of(model), null, List.of());
    shelf.hub.awaitModels();
    WyomingInput wyoming = new WyomingInput(shelf.hub);
    String start =
        "{\"type\":\"audio-start\",\"data\":{\"rate\":16000,\"width\":2,\"channels\":1}}\n";
    String chunk =
        "{\"type\":\"audio-chunk\",\"data\":{\"rate\":16000,\"width\":2,\"channels\":1,"
            + "\"timestamp\":10},\"payload_length\":64}\n"
            + "\0\1".repeat(32);
    add(
        "wyoming",
        true,
        texts(
            "{\"type\":\"describe\"}\n{\"type\":\"ping\",\"data\":{\"text\":\"x\"}}\n",
            "{\"type\":\"detect\",\"data\":{\"names\":[\"word\"]}}\n" + start + chunk + chunk,
            start + chunk + "{\"type\":\"audio-stop\",\"data_length\":2}\n{}"),
        wyoming::serve);
    WebInput web = new WebInput(shelf.hub, scratch.resolve("web"));
    String host = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    add(
        "http",
        true,
        texts(
            "GET /" + host + "\r\n",
            "GET /api/models" + host + "Origin: http://localhost\r\nAccept: */*\r\n\r\n",
            "GET /metrics" + host + "Authorization: Bearer x\r\n\r\n",
            "POST /api/scan?words=word" + host + "Content-Length: 4\r\n\r\nRIFF",
            "POST /api/words/word/recordings"
                + host
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /api/listen?rate=16000&format=f32"
                + host
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "PUT /api/words/word/threshold"
                + host
                + "Content-Length: 17\r\n\r\n{\"threshold\":0.5}",
            "DELETE /api/words/word/recordings/1" + host + "\r\n",
            "GET /api/words/word/recordings/1" + host + "Range: bytes=0-4\r\n\r\n",
            "POST /api/words/word/marks/right?at=1" + host + "Content-Length: 4\r\n\r\nRIFF",
            "POST /api/login"
                + host
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntoken=x"),
        web::http);
    add(
        "websocket",
        true,
        texts(
            "rate=16000&format=s16&words=word\n\17" + "\0\1".repeat(60) + "\20{\"type\":\"end\"}",
            "rate=48000&channels=2&format=f32\n\77" + "\0\0\200?".repeat(130)),
        web::webSocket);
    MqttInput mqtt = new MqttInput(shelf.hub);
    add(
        "mqtt",
        true,
        texts("homeassistant/status\nonline", "homeassistant/event/rouse/word/config\n{}"),
        mqtt::receive);
  }
}
