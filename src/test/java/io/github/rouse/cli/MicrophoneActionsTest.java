// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.actions.ActionSettings;
import io.github.rouse.actions.EventActions;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.output.LiveCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicrophoneActionsTest {
  @Test
  void aServersMutedMicrophoneIsReportedOnce() throws IOException {
    List<String> lines = new ArrayList<>();
    LiveCheck check = new LiveCheck(Channel.AUTO, LiveCheck.SECONDS, lines::add);
    try (EventActions actions = new EventActions(ActionSettings.NONE, lines::add, lines::add);
        MicrophoneActions follower = new MicrophoneActions(actions, null, check)) {
      for (int second = 1; second <= 30; second++) {
        float[] silence = new float[16_000];
        follower.captured(silence, silence, silence.length, 1, 16_000);
        assertEquals(second < LiveCheck.SECONDS ? 0 : 1, lines.size(), second + " s");
      }
    }
    assertTrue(lines.get(0).contains("check the microphone"), lines.get(0));
  }
}
