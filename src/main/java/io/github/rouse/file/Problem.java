// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in one line why something failed. */
public final class Problem {
  private Problem() {}

  /** The place and the reason of a failure. */
  public static String describe(Throwable problem) {
    if (problem instanceof UncheckedIOException u) {
      return describe(u.getCause());
    } else if (problem instanceof FileSystemException f && f.getFile() != null) {
      return f.getFile() + ": " + reason(f);
    }
    String message = problem.getMessage();
    return message == null ? problem.toString() : message.replaceAll("\\s*\\R\\s*", "; ");
  }

  private static String reason(FileSystemException f) {
    if (f instanceof NoSuchFileException) {
      return "no such file or folder";
    } else if (f instanceof AccessDeniedException) {
      return "permission denied";
    } else if (f instanceof FileAlreadyExistsException) {
      return "exists and is not a folder";
    } else if (f instanceof NotDirectoryException) {
      return "not a folder";
    }
    return f.getReason() == null ? f.getClass().getSimpleName() : f.getReason();
  }
}
