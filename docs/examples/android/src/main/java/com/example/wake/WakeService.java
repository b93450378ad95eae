// SPDX-License-Identifier: Apache-2.0
package com.example.wake;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.Service;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.media.AudioFormat;
import android.media.AudioRecord;
import android.media.MediaRecorder;
import android.os.IBinder;
import io.github.rouse.Detector;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.List;

/**
 * Listens in the foreground and broadcasts each word to the app itself. Start it with {@code
 * startForegroundService} while an activity is visible, after the user has granted {@code
 * RECORD_AUDIO}.
 */
public final class WakeService extends Service {
  /** The broadcast sent for each detection; the extra {@code word} names the word. */
  public static final String HEARD = "com.example.wake.HEARD";

  private static final int RATE = 16_000;
  private static final int CHUNK = 1280; // samples, 80 ms
  private static final int NOTIFICATION = 1;
  private static final String CHANNEL = "wake";

  private AudioRecord microphone; // null while not listening
  private Thread thread;

  @Override
  public int onStartCommand(Intent intent, int flags, int startId) {
    startForeground(NOTIFICATION, notification(), ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE);
    if (microphone == null) {
      int least =
          AudioRecord.getMinBufferSize(
              RATE, AudioFormat.CHANNEL_IN_MONO, AudioFormat.ENCODING_PCM_16BIT);
      microphone =
          new AudioRecord(
              MediaRecorder.AudioSource.VOICE_RECOGNITION,
              RATE,
              AudioFormat.CHANNEL_IN_MONO,
              AudioFormat.ENCODING_PCM_16BIT,
              Math.max(least, RATE)); // bytes: half a second
      microphone.startRecording();
      thread = new Thread(this::listen, "wake");
      thread.start();
    }
    return START_STICKY;
  }

  private void listen() {
    short[] samples = new short[CHUNK];
    try (Detector detector =
        new Detector(List.of(WakeModel.named("jarvis")), RATE, Engine.NATIVE, this::heard)) {
      int length;
      while ((length = microphone.read(samples, 0, samples.length)) > 0) { // 0 once stopped
        detector.accept(samples, 0, length);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the app lacks the model", e);
    }
  }

  private void heard(TriggerEvent event) {
    sendBroadcast(new Intent(HEARD).setPackage(getPackageName()).putExtra("word", event.word()));
  }

  @Override
  public void onDestroy() {
    if (microphone != null) {
      microphone.stop();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      microphone.release();
    }
  }

  private Notification notification() {
    getSystemService(NotificationManager.class)
        .createNotificationChannel(
            new NotificationChannel(
                CHANNEL, "Wake word", NotificationManager.IMPORTANCE_LOW));
    return new Notification.Builder(this, CHANNEL)
        .setContentTitle("Say “Jarvis”")
        .setSmallIcon(android.R.drawable.ic_btn_speak_now)
        .build();
  }

  @Override
  public IBinder onBind(Intent intent) {
    return null; // not a bound service
  }
}
