#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes people/WORD.people: what the heads of the second look in multi/words.onnx make of other people saying the
# shipped words, so that `rouse review --improve` can count whom a new version would miss. The mean and covariance
# come from the training recordings: as recorded, in noise, in far rooms and in running speech. The utterances that
# are counted, up to 60 in noise and in far rooms, are by people whom no training used: the development speakers
# below, whom review-trials.sh therefore leaves out. Less than 40 KB each. Needs ../shared beside the clone.
# Takes about five minutes.
# Usage: models/people.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shared=$(cd "$here/../../shared" && pwd)
work=$here/../target/people
classes=$("$here/test-classpath.sh")
rm -rf "$work"
mkdir -p "$work/talk" "$here/people"
find "$shared/speech/readers" -type f | LC_ALL=C sort | awk 'NR % 12 == 0' | while read -r file; do
  cp "$file" "$work/talk/"
done

# vary FOLDER: its recordings in folder "said", and their conditions beside it
vary() {
  java -cp "$classes" io.github.rouse.eval.ConditionClips "$1" "$1/said" "$work/talk" \
    "$shared"/noise/*-[1-4]-* "$shared"/noise/household-[dew]*
  rm -r "$1/8kHz" "$1/soft"
}

# people WORD SPEAKER...
people() {
  word=$1
  shift
  known=$work/known/$word
  held=$work/$word/held-out
  mkdir -p "$known/said" "$held/said"
  cp "$shared/keywords/$word/training"/* "$known/said/"
  for speaker; do
    cp "$shared/keywords/$word/development/$speaker"-* "$held/said/"
  done
  vary "$known"
  vary "$held"
  rm -r "$held/said" "$held/running"
  java -cp "$classes" io.github.rouse.review.PeopleFiles "$here/multi/words.onnx" "$word" \
    "$here/people/$word.people" "$known" "$held"
}

people jarvis s07 s32 s74
people computer s11 s85
people alexa s43
