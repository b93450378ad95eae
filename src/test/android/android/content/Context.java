// SPDX-License-Identifier: Apache-2.0
package android.content;

import android.app.NotificationManager;

public abstract class Context {
  public final <T> T getSystemService(Class<T> type) {
    return type.cast(new NotificationManager());
  }

  public String getPackageName() {
    return "com.example.wake";
  }

  public void sendBroadcast(Intent intent) {
    System.out.println("broadcast " + intent);
  }
}
