// SPDX-License-Identifier: Apache-2.0
import android.content.Intent;
import android.media.AudioRecord;
import com.example.wake.WakeService;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the service of docs/examples/android, which was compiled against Android's own classes, with
 * the few of these that it needs replaced by those in this folder: {@code RunService FILE}, 16-bit
 * samples at the service's rate. Prints what the service does until it has heard the whole file.
 */
class RunService {
  public static void main(String[] args) throws Exception {
    AudioRecord.sound = Files.readAllBytes(Path.of(args[0]));
    WakeService service = new WakeService();
    service.onStartCommand(new Intent("start"), 0, 1);
    service.onStartCommand(new Intent("start again"), 0, 2);
    AudioRecord.END.await();
    service.onDestroy();
  }
}
