// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.Context;

public class Notification {
  CharSequence title;

  public static class Builder {
    private final Notification notification = new Notification();

    public Builder(Context context, String channel) {}

    public Builder setContentTitle(CharSequence title) {
      notification.title = title;
      return this;
    }

    public Builder setSmallIcon(int icon) {
      return this;
    }

    public Notification build() {
      return notification;
    }
  }
}
