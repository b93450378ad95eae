// SPDX-License-Identifier: Apache-2.0
package android.app;

public final class NotificationChannel {
  public NotificationChannel(String id, CharSequence name, int importance) {}
}
