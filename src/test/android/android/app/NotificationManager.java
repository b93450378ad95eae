// SPDX-License-Identifier: Apache-2.0
package android.app;

public class NotificationManager {
  public void createNotificationChannel(NotificationChannel channel) {}
}
