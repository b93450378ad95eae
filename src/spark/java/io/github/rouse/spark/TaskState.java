// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.state.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a task has come: the results of its finished files, and the state within the next one.
 */
final class TaskState {
  List<FileResult> finished = new ArrayList<>();
  FileResult current = new FileResult(); // of the file under way
  int track = 1; // under way
  int channel = 1; // under way, if each is searched
  int passes = 1; // of the track under way
  long frames; // scanned in this pass
  boolean within; // whether the file under way has begun
  byte[] detector = new byte[0];
  byte[] selector = new byte[0];

  /** Begins the next file. */
  void next() {
    current = new FileResult();
    track = 1;
    channel = 1;
    passes = 1;
    within = false;
    nextPass();
  }

  /** Begins the next pass over a file. */
  void nextPass() {
    frames = 0;
    detector = new byte[0];
    selector = new byte[0];
  }

  void state(Snapshot s) {
    int count = s.number(finished.size());
    List<FileResult> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FileResult one = s.restores() ? new FileResult() : finished.get(i);
      one.state(s);
      all.add(one);
    }
    finished = all;
    current.state(s);
    track = s.number(track);
    channel = s.number(channel);
    passes = s.number(passes);
    frames = s.number(frames);
    within = s.flag(within);
    detector = bytes(detector, s);
    selector = bytes(selector, s);
  }

  private static byte[] bytes(byte[] value, Snapshot s) {
    int length = s.number(value.length);
    byte[] bytes = s.restores() ? new byte[length] : value;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) s.number((int) bytes[i]);
    }
    return bytes;
  }
}
