// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.Context;
import android.content.Intent;
import android.os.IBinder;

public abstract class Service extends Context {
  public int onStartCommand(Intent intent, int flags, int startId) {
    return 0;
  }

  public void onDestroy() {}

  public abstract IBinder onBind(Intent intent);

  public final void startForeground(int id, Notification notification, int type) {
    System.out.printf("foreground, type %d: %s%n", type, notification.title);
  }
}
