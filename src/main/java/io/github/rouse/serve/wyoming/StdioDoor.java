// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.serve.Door;
import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** One client, over the process's standard streams. */
public final class StdioDoor implements Door {
  private final Clients clients;
  private final ByteChannel streams;
  private final Runnable left;

  /**
   * Creates a door that is closed.
   *
   * @param left runs when the client has left
   */
  public StdioDoor(StreamHub hub, InputStream in, PrintStream out, Runnable left) {
    clients = new Clients(hub);
    streams = new Streams(Channels.newChannel(in), out);
    this.left = left;
  }

  @Override
  public void open() {
    clients.add(streams, "wyoming:stdio", left);
  }

  @Override
  public String describe() {
    return "Wyoming on standard input and output";
  }

  @Override
  public void close() {
    clients.close();
  }

  private static final class Streams implements ByteChannel {
    private final ReadableByteChannel in;
    private final PrintStream out;
    private volatile boolean closed;

    Streams(ReadableByteChannel in, PrintStream out) {
      this.in = in;
      this.out = out;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return closed ? -1 : in.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int count = from.remaining();
      out.write(from.array(), from.arrayOffset() + from.position(), count);
      from.position(from.limit());
      if (out.checkError()) { // also flushes
        throw new IOException("standard output is closed");
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    /** Nothing can interrupt a read from standard input that has begun. */
    @Override
    public void close() {
      closed = true;
    }
  }
}
