#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures what `rouse review --improve` gains and costs: for each shipped word and three seeds, it marks the 20
# strongest false alarms in one half of kept-speech.sh wrong, in four rounds, and lets the second look learn from
# them. Prints how many of them remain, the misses of other people, and the false alarms in the other half.
# Needs ../shared beside the clone, sources.sh, and the clips of condition-clips.sh. Takes about 22 minutes on one core.
# Delete target/review-heard after the models have changed.
# Usage: models/review-trials.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shared=$(cd "$here/../../shared" && pwd)
classes=$("$here/test-classpath.sh")
kept=$here/../target/review-kept.txt
(cd "$here" && ./kept-speech.sh jarvis computer alexa | while read -r path; do
  find "$(realpath "$path")" -type f \( -name '*.flac' -o -name '*.wav' -o -name '*.ogg' \)
done) | LC_ALL=C sort -u >"$kept"
java -cp "$classes" \
  io.github.rouse.review.ReviewTrials "$here" "$shared" "$here/../target/conditions" "$kept" \
  "$here/../target/review-heard"
