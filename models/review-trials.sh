#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `rouse review --improve` gains and costs: for each shipped word and three seeds, the 20 strongest false
# alarms in one half of kept-speech.sh are marked wrong in four rounds, and the second look learns from them. Prints how
# much of that talk, played again, still alarms, and what becomes of other people and the other half.
# Needs ../shared beside the clone, sources.sh, and the clips of conditions.sh. About ten minutes on one core; remove
# target/review-heard after a change of the models.
# Usage: models/review-trials.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shared=$(cd "$here/../../shared" && pwd)
(cd "$here/.." && mvn -q -B test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test.classpath)
kept=$here/../target/review-kept.txt
(cd "$here" && ./kept-speech.sh jarvis computer alexa | while read -r path; do
  find "$(realpath "$path")" -type f \( -name '*.flac' -o -name '*.wav' -o -name '*.ogg' \)
done) | LC_ALL=C sort -u >"$kept"
java -cp "$here/../target/test-classes:$here/../target/classes:$(cat "$here/../target/test.classpath")" \
  io.github.rouse.review.ReviewTrials "$here" "$shared" "$here/../target/conditions" "$kept" \
  "$here/../target/review-heard"
