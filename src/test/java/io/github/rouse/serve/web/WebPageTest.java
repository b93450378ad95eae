// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.rouse.NeedsChromium;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.ModelShelf;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.Thresholds;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page in a real browser, whose microphone hears a file again and again. */
@NeedsChromium
@Timeout(300)
class WebPageTest {
  private static final Path MODELS = Path.of("models");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  @TempDir Path folder;
  private ModelShelf shelf;
  private StreamHub hub;
  private WebDoor door;
  private OwnWords words;
  private ChromeDriver browser;

  private void start(Path heard) throws IOException {
    start(heard, "jarvis");
  }

  private void start(Path heard, String word) throws IOException {
    Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE); // of protocols not used here
    Path own = folder.resolve("models");
    shelf =
        new ModelShelf(
            List.of(),
            own,
            List.of(MODELS.resolve(word + ".onnx")),
            WakeModel::read,
            ModelShelf.INTERVAL);
    hub = new StreamHub(shelf, Thresholds.read(folder.resolve("thresholds.json")));
    hub.start();
    hub.awaitModels();
    words =
        new OwnWords(
            folder.resolve("recordings"),
            own,
            MODELS.resolve("multi").resolve("words.onnx"),
            MODELS.resolve("multi").resolve("words.bank"));
    Lessons lessons = new Lessons(folder.resolve("clips"), own, MODELS.resolve("people"));
    door =
        new WebDoor(
            hub, new WebDoor.Address("127.0.0.1", 0), null, List.of(), null, words, lessons);
    door.open();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // a container's root has none
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--use-file-for-fake-audio-capture=" + heard,
        "--autoplay-policy=no-user-gesture-required",
        "--user-data-dir=" + folder.resolve("profile"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(program("chromedriver")))
            .build();
    browser = new ChromeDriver(service, options);
    browser.manage().window().setSize(new Dimension(1280, 1000));
  }

  private static String program(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> new File(path, name))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow()
        .getPath();
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.quit();
    }
    if (door != null) {
      door.close();
      hub.close();
      shelf.close();
    }
  }

  /** A part of a sample between pauses; as a microphone, the browser repeats it. */
  private Path sound(String name, double from, double to) throws IOException {
    List<Float> samples = new ArrayList<>();
    int rate;
    try (AudioFile audio = AudioFile.open(Path.of("audio-samples", name))) {
      rate = audio.sampleRate();
      audio.play(
          Channel.FIRST,
          (block, first, length) -> {
            for (int i = first; i < first + length; i++) {
              samples.add(block[i]);
            }
          });
    }
    int start = (int) (from * rate);
    int length = Math.min(samples.size(), (int) (to * rate)) - start;
    float[] sound = new float[length + 2 * rate];
    for (int i = 0; i < length; i++) {
      sound[rate + i] = samples.get(start + i);
    }
    Path wav = folder.resolve("sound-" + from + ".wav");
    try (WavWriter writer = new WavWriter(wav, rate, 1)) {
      writer.write(sound, 0, sound.length);
      writer.commit();
    }
    return wav;
  }

  private String address() {
    return "http://127.0.0.1:" + door.port() + "/";
  }

  private WebElement find(String css) {
    return browser.findElement(By.cssSelector(css));
  }

  private void await(String what, Duration most, BooleanSupplier holds) throws Exception {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      try {
        if (holds.getAsBoolean()) {
          return;
        }
      } catch (StaleElementReferenceException e) {
        // the page has just drawn it anew
      }
      assertTrue(System.nanoTime() < end, () -> what + ": " + find("body").getText());
      Thread.sleep(100);
    }
  }

  private void photograph(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    for (int width : new int[] {1280, 390}) {
      browser.manage().window().setSize(new Dimension(width, 1100));
      Files.write(
          SCREENSHOTS.resolve(name + "-" + width + ".png"),
          browser.getScreenshotAs(OutputType.BYTES));
    }
    browser.manage().window().setSize(new Dimension(1280, 1000));
  }

  @Test
  void theBrowsersMicrophoneWakesThePageAndAThresholdCanBeSet() throws Exception {
    start(sound("jarvis-quiet.flac", 0, 60));
    browser.get(address());
    await("ready", Duration.ofSeconds(20), () -> find("#status").getText().contains("jarvis"));
    find("#start").click();
    await(
        "an event",
        Duration.ofSeconds(60),
        () ->
            browser.findElements(By.cssSelector("#events li:not(.near) .what")).stream()
                .anyMatch(e -> e.getText().equals("jarvis")));
    await(
        "its clip",
        Duration.ofSeconds(10),
        () -> !browser.findElements(By.cssSelector("#events li button")).isEmpty());
    find("#events li button").click();
    photograph("listening");
    WebElement range = find("#words input");
    String before = range.getAttribute("value");
    range.sendKeys(Keys.ARROW_RIGHT);
    await(
        "the threshold",
        Duration.ofSeconds(10),
        () -> {
          float set = hub.models().loaded().get(0).threshold("jarvis");
          return Math.abs(set - Float.parseFloat(before) - 0.01f) < 0.006f;
        });
    Path kept = folder.resolve("thresholds.json");
    await("the threshold's file", Duration.ofSeconds(10), () -> Files.exists(kept));
    assertTrue(Files.readString(kept).contains("jarvis"));
    find("#start").click();
    assertEquals("", find("#microphone-problem").getText());
    assertEquals(List.of(), problems());
  }

  @Test
  void theMachinesMicrophoneIsHeardAndSeen() throws Exception {
    start(sound("three-words.ogg", 0, 1)); // the browser's, not used
    CountDownLatch seen = new CountDownLatch(1);
    Thread microphone = new Thread(() -> play(Path.of("audio-samples", "jarvis-quiet.flac"), seen));
    microphone.start();
    try {
      browser.get(address());
      await("ready", Duration.ofSeconds(20), () -> find("#status").getText().contains("jarvis"));
      find("input[value=machine]").click();
      find("#start").click();
      await(
          "an event with its clip",
          Duration.ofSeconds(60),
          () -> !browser.findElements(By.cssSelector("#events li:not(.near) button")).isEmpty());
      find("#events li:not(.near) button").click();
      Object drawn =
          browser.executeScript(
              "const c = document.getElementById('spectrum');"
                  + "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                  + ".filter((v, i) => i % 4 === 3 && v > 30).length");
      assertTrue(((Number) drawn).intValue() > 1000, "pixels: " + drawn);
      assertEquals("", find("#microphone-problem").getText());
      assertEquals(List.of(), problems());
    } finally {
      seen.countDown();
      microphone.join();
    }
  }

  /** Stands for the machine's microphone: plays a file again and again, as fast as it sounds. */
  private void play(Path file, CountDownLatch end) {
    try {
      while (end.getCount() > 0) {
        try (AudioFile audio = AudioFile.open(file)) {
          int rate = audio.sampleRate();
          LocalMicrophone.Sinks sinks = door.follow(rate, List.of("jarvis"));
          try (StreamHub.Stream stream =
              hub.open(LocalMicrophone.SOURCE, rate, Set.of(), sinks.detections())) {
            long begun = System.nanoTime();
            long[] played = {0};
            audio.play(
                Channel.FIRST,
                (samples, from, length) -> {
                  sinks.samples().accept(samples, from, length);
                  stream.accept(samples, from, length);
                  played[0] += length;
                  long due = begun + played[0] * 1_000_000_000L / rate;
                  LockSupport.parkNanos(end.getCount() == 0 ? 0 : due - System.nanoTime());
                });
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMistakeIsMarkedLearntFromAndUnlearnt() throws Exception {
    start(sound("none-like-computer-alexa.ogg", 0, 3), "computer"); // "commuter"
    hub.setThreshold("computer", 0.5f);
    Path own = folder.resolve("models").resolve("computer.onnx");
    browser.get(address());
    await("ready", Duration.ofSeconds(20), () -> find("#status").getText().contains("computer"));
    find("#start").click();
    // The same sound scores a little less or more each time it is heard: a clear mistake is chosen,
    // and
    // not one of the first seconds, which the second look hears in part.
    String mistake = "//ol[@id='events']/li[not(@class='near')][span[number(text()) > 0.75]]";
    String wrong = mistake + "/button[text()='Wrong']";
    await(
        "false alarms",
        Duration.ofSeconds(60),
        () -> browser.findElements(By.xpath(wrong)).size() > 3);
    browser.findElement(By.xpath(wrong)).click();
    await(
        "the mark",
        Duration.ofSeconds(10),
        () -> count("#lessons li") == 1 && find("#lessons li").getText().contains("1 wrong"));
    photograph("marked");
    find("#lessons button").click(); // Learn
    await("the next version", Duration.ofSeconds(90), () -> Files.exists(own));
    await(
        "its use",
        Duration.ofSeconds(30),
        () ->
            browser.findElements(By.xpath("//ul[@id='lessons']//button[text()='Undo']")).size()
                == 1);
    assertTrue(
        find("#lesson").getText().contains("1 of 1 false alarms rejected (0 before)"),
        find("#lesson").getText());
    Thread.sleep(3_000); // events of the version before may be on their way
    browser.executeScript("document.getElementById('events').replaceChildren()");
    Thread.sleep(11_000); // the sound comes twice
    assertEquals(0, browser.findElements(By.xpath(mistake)).size());
    browser.findElement(By.xpath("//ul[@id='lessons']//button[text()='Undo']")).click();
    await(
        "the false alarm again",
        Duration.ofSeconds(60),
        () -> !browser.findElements(By.xpath(mistake)).isEmpty());
    assertEquals(-1, Files.mismatch(own, MODELS.resolve("computer.onnx")));
    assertEquals(List.of(), problems());
  }

  /** What the browser reports on its console. */
  private List<String> problems() {
    return browser.manage().logs().get("browser").getAll().stream()
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** Four of the recordings are there already; a microphone that repeats itself gives only one. */
  @Test
  void aWordIsRecordedEnrolledAndThenDetected() throws Exception {
    start(sound("three-words.ogg", 0.4, 1.5));
    words.add("komputer", sound("story-with-words.ogg", 6.0, 7.1));
    words.add("komputer", sound("computer-kitchen.ogg", 0.35, 1.45));
    words.add("komputer", sound("computer-kitchen.ogg", 7.67, 8.75));
    words.add("komputer", sound("computer-kitchen.ogg", 11.0, 12.1));
    browser.get(address());
    await("ready", Duration.ofSeconds(20), () -> find("#status").getText().contains("jarvis"));
    find("#word").sendKeys("komputer", Keys.TAB);
    await("all four", Duration.ofSeconds(10), () -> count("#recordings li") == 4);
    for (int attempt = 0; attempt < 5 && count("#recordings li") < 5; attempt++) {
      find("#record").click();
      await(
          "a take",
          Duration.ofSeconds(20),
          () -> find("#record").isEnabled() && find("#take").getText().matches("(Again|Good).*"));
    }
    assertEquals(5, count("#recordings li"), find("#take").getText());
    find("#enrol").click();
    await(
        "enrolled",
        Duration.ofSeconds(150),
        () -> find("#promise").getText().startsWith("Expect about"));
    await(
        "the own word",
        Duration.ofSeconds(60),
        () ->
            browser.findElements(By.cssSelector("#events li:not(.near) .what")).stream()
                .anyMatch(e -> e.getText().equals("komputer")));
    photograph("own-word");
  }

  private int count(String css) {
    return browser.findElements(By.cssSelector(css)).size();
  }

  @Test
  void aFileIsSearched() throws Exception {
    start(sound("jarvis-quiet.flac", 0, 3));
    browser.get(address());
    Path sample = Path.of("audio-samples", "jarvis-quiet.flac").toAbsolutePath();
    find("#file").sendKeys(sample.toString());
    await(
        "the end",
        Duration.ofSeconds(60),
        () -> find("#file-status").getText().contains("found in"));
    assertEquals("jarvis", find("#found .what").getText());
  }

  @Test
  void aPageOfAnotherOriginGetsNothing() throws Exception {
    start(sound("jarvis-quiet.flac", 0, 3));
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String page =
        """
        <!doctype html><title>waiting</title>
        <iframe id="frame" src="%1$s"></iframe>
        <iframe name="target"></iframe>
        <form id="form" method="post" enctype="text/plain" target="target"
          action="%1$sapi/words/x/enrolment"><input name="a" value="b"></form>
        <script>
        const rejected = promise => promise.then(() => 'passed', () => 'refused');
        const sock = new Promise((yes, no) => {
          const socket = new WebSocket('%1$sapi/listen?rate=16000'.replace('http', 'ws'));
          socket.onopen = yes; socket.onerror = no;
        });
        const framed = new Promise((yes, no) => setTimeout(() => {
          try { frame.contentDocument; } catch (e) { }
          no();
        }, 1500));
        document.getElementById('form').submit();
        Promise.all([
          rejected(fetch('%1$sapi/models')),
          rejected(fetch('%1$sapi/scan', {method: 'POST', body: 'x',
            headers: {'Content-Type': 'application/octet-stream'}})),
          rejected(fetch('%1$sapi/words/jarvis/threshold', {method: 'PUT', body: '{"threshold":0.9}',
            headers: {'Content-Type': 'application/json'}})),
          rejected(sock), rejected(framed)
        ]).then(all => document.title = all.join(' '));
        </script>
        """
            .formatted(address());
    other.createContext(
        "/",
        exchange -> {
          byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    other.start();
    try {
      float before = hub.models().loaded().get(0).threshold("jarvis");
      browser.get("http://localhost:" + other.getAddress().getPort() + "/");
      await("all tries", Duration.ofSeconds(20), () -> !browser.getTitle().equals("waiting"));
      assertEquals("refused refused refused refused refused", browser.getTitle());
      browser.switchTo().frame("frame");
      assertEquals(0, count("#start"), "the page in a frame");
      assertEquals(before, hub.models().loaded().get(0).threshold("jarvis"));
      assertFalse(Files.exists(folder.resolve("recordings")));
    } finally {
      other.stop(0);
    }
  }
}
