// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.actions.Config;
import io.github.rouse.actions.EventActions;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.models.EnrollCommand;
import io.github.rouse.cli.models.ReviewCommand;
import io.github.rouse.cli.options.ActionOptions;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelOptions;
import io.github.rouse.cli.options.UserData;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.cli.service.Readiness;
import io.github.rouse.model.Engine;
import io.github.rouse.serve.Activity;
import io.github.rouse.serve.Door;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.ModelShelf;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.Thresholds;
import io.github.rouse.serve.web.Lessons;
import io.github.rouse.serve.web.OwnWords;
import io.github.rouse.serve.web.WebDoor;
import io.github.rouse.serve.wyoming.StdioDoor;
import io.github.rouse.serve.wyoming.WyomingDoor;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse serve}: detects words for clients in the network. */
@Command(
    name = "serve",
    description = "Detects words for other programs: Home Assistant and what else speaks Wyoming.")
final class ServeCommand implements Callable<Integer> {
  private static final String DEFAULT_WYOMING = "tcp://127.0.0.1:" + WyomingDoor.DEFAULT_PORT;
  private static final String STDIO = "stdio://";
  private static final int CLOSING_SECONDS = 8; // mDNS takes its time to say goodbye

  private final Console console;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final CountDownLatch finished = new CountDownLatch(1);

  @Mixin CommonOptions common;
  @Mixin ModelOptions models;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "A folder of models besides these; those put into it or taken out of it are noticed while"
              + " the server runs. Default: ~/.local/share/rouse/models.")
  Path folder = UserData.models();

  @Option(
      names = "--wyoming",
      paramLabel = "URI",
      description =
          "Serve Wyoming at tcp://HOST:PORT, unix://PATH or stdio://; repeatable. Default: "
              + DEFAULT_WYOMING
              + ".")
  List<String> wyoming = new ArrayList<>();

  @Option(
      names = "--allow",
      paramLabel = "CIDR",
      description =
          "Let these addresses connect to a Wyoming address that other machines reach, such as"
              + " 192.168.1.0/24; repeatable.")
  List<String> allow = new ArrayList<>();

  @Option(
      names = "--zeroconf",
      paramLabel = "NAME",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Announce the Wyoming address in the local network, so that Home Assistant finds it."
              + " Default name: the hardware address.")
  String zeroconf;

  @Mixin WebOptions web;
  @Mixin ActionOptions actionOptions;

  @Mixin MqttOptions mqtt;

  @Option(
      names = "--device",
      paramLabel = "NAME|N",
      description = "This machine's microphone, as in `rouse listen`. Default: the system's.")
  String device;

  @Option(names = "--no-microphone", description = "Do not listen to this machine's microphone.")
  boolean noMicrophone;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (models.engine != Engine.NATIVE) {
      throw new IllegalArgumentException("--engine: the server has only the native one");
    }
    List<Path> given = models.files.given();
    List<Path> shipped = models.files.shippedUnlessGiven();
    Config config = actionOptions.read();
    ModelOptions.Reader reader = models.reader(config);
    Thread hook = new Thread(this::interrupted);
    Runtime.getRuntime().addShutdownHook(hook);
    try (ModelShelf shelf =
            new ModelShelf(given, folder, shipped, reader::read, ModelShelf.INTERVAL);
        StreamHub hub =
            new StreamHub(shelf, Thresholds.read(UserData.folder().resolve("thresholds.json")));
        EventActions actions =
            new EventActions(config.actions(), console::say, common.notes(console))) {
      hub.observe(new Log());
      WebDoor page = web.door(hub, wyoming.isEmpty() && !mqtt.given(), ownWords(), lessons());
      List<Door> doors = doors(hub, page);
      boolean listens = !noMicrophone && (page != null || mqtt.given() || actionOptions.given());
      try (MicrophoneActions follower =
              new MicrophoneActions(
                  actions,
                  page == null ? null : page::follow,
                  new LiveCheck(Channel.AUTO, LiveCheck.SECONDS, common.notes(console)));
          LocalMicrophone microphone =
              listens ? new LocalMicrophone(hub, device, Channel.AUTO, follower) : null) {
        hub.observe(follower);
        hub.start();
        for (Door door : doors) {
          door.open();
          common.notes(console).accept(door.describe());
        }
        Readiness.announce("open", console::say);
        if (page != null && listens) {
          page.watch(microphone);
        }
        if (listens) {
          microphone.start();
        }
        var unused =
            shelf
                .ready()
                .whenComplete(
                    (loaded, problem) -> {
                      failed(problem);
                      warnOfUnknownWords(config, hub.models());
                    });
        await();
      } finally {
        doors.forEach(Door::close);
      }
    } finally {
      finished.countDown();
    }
    return 0;
  }

  private OwnWords ownWords() {
    return new OwnWords(
        UserData.folder().resolve("recordings"),
        folder,
        EnrollCommand.shippedEncoder(),
        EnrollCommand.shippedBank());
  }

  private Lessons lessons() {
    return new Lessons(UserData.folder().resolve("clips"), folder, ReviewCommand.people());
  }

  private List<Door> doors(StreamHub hub, WebDoor page) throws IOException {
    List<Door> doors = new ArrayList<>();
    if (page != null) {
      doors.add(page);
    }
    mqtt.door(hub).ifPresent(doors::add);
    boolean usual = wyoming.isEmpty() && !web.asked() && !mqtt.given();
    boolean open = false;
    for (String uri : usual ? List.of(DEFAULT_WYOMING) : wyoming) {
      if (uri.equals(STDIO)) {
        doors.add(new StdioDoor(hub, console.in(), console.out(), () -> stop.complete(null)));
      } else {
        WyomingDoor door = new WyomingDoor(hub, uri, allow, zeroconf);
        doors.add(door);
        open |= door.reachesOthers();
      }
    }
    if (!open && (!allow.isEmpty() || zeroconf != null)) {
      throw new IllegalArgumentException(
          (zeroconf == null ? "--allow" : "--zeroconf")
              + ": only this machine reaches the server; try --wyoming tcp://0.0.0.0:"
              + WyomingDoor.DEFAULT_PORT);
    }
    return doors;
  }

  /** A model with the word may be put into the folder later; more likely it is a typing error. */
  private void warnOfUnknownWords(Config config, Models models) {
    try {
      config.checkWords(models.words());
    } catch (IOException e) {
      console.say(e.getMessage());
    }
  }

  private void failed(Throwable problem) {
    if (problem != null) {
      stop.completeExceptionally(problem);
    }
  }

  /** Waits for the end of the server, which is an error if the models cannot be loaded. */
  private void await() throws IOException {
    try {
      stop.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException problem) {
        throw problem;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On Ctrl-C or SIGTERM: closes the doors before the process ends. */
  private void interrupted() {
    stop.complete(null);
    try {
      finished.await(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints what the server does. */
  private final class Log implements Activity {
    private List<String> words = List.of();

    @Override
    public void event(String source, TriggerEvent event) {
      console.say(line("", source, event));
    }

    @Override
    public void nearMiss(String source, TriggerEvent miss) {
      console.say(line("nearly ", source, miss));
    }

    private String line(String what, String source, TriggerEvent event) {
      return String.format(
          Locale.ROOT,
          "%s%s, score %.3f, at %.2f s (%s)",
          what,
          event.word(),
          event.score(),
          event.atSeconds(),
          source);
    }

    @Override
    public synchronized void modelsChanged(Models models) {
      if (!models.words().equals(words)) {
        words = models.words();
        common
            .notes(console)
            .accept(words.isEmpty() ? "no models" : "words: " + String.join(", ", words));
      }
    }

    @Override
    public void notice(String line) {
      console.say(line);
    }
  }
}
