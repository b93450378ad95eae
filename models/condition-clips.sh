#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Simulates other microphones and talkers for a word's development recordings, a folder for each condition, and
# prints their folder, target/conditions/WORD. Reuses it if it exists. Needs sox and ../shared beside the clone.
# Usage: models/condition-clips.sh WORD
set -eu
word=${1:?usage: models/condition-clips.sh WORD}
here=$(cd "$(dirname "$0")" && pwd)
shared=$(cd "$here/../../shared" && pwd)
spoken=$shared/keywords/$word/development
[ -d "$spoken" ] || {
  echo "condition-clips.sh: $spoken is not there" >&2
  exit 1
}
mkdir -p "$here/../target"
clips=$(cd "$here/../target" && pwd)/conditions/$word

if [ ! -d "$clips" ]; then
  rm -rf "$clips.part"
  mkdir -p "$clips.part/fast" "$clips.part/slow" "$clips.part/high" "$clips.part/low"
  for file in "$spoken"/*; do
    name=$(basename "${file%.*}").wav
    sox "$file" "$clips.part/fast/$name" tempo -s 1.25
    sox "$file" "$clips.part/slow/$name" tempo -s 0.8
    sox "$file" "$clips.part/high/$name" pitch 300
    sox "$file" "$clips.part/low/$name" pitch -300
  done
  classes=$("$here/test-classpath.sh")
  java -cp "$classes" \
    io.github.rouse.eval.ConditionClips "$clips.part" "$spoken" "$shared/speech/readers-development" \
    "$shared"/noise/*-5-* "$shared"/noise/household-r* "$shared"/noise/music-s*
  mv "$clips.part" "$clips"
fi
echo "$clips"
