#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Enrols four words from recordings drawn at random of their training part and prints what is missed of the
# development part's speakers, as recorded and in the conditions of condition-clips.sh, and of the other recordings of
# the one person, where there is only one: %, with 0.5 | 1 false alarm per hour of kept-speech.sh and of the other words'
# development recordings. With --random, enrols as many words from random draws and counts refused and deaf models.
# Needs sox and espeak-ng.
# Usage: models/enrolment-trials.sh DRAWS|--random COUNT [ENCODER [BANK]]
set -eu
usage="usage: models/enrolment-trials.sh DRAWS|--random COUNT [ENCODER [BANK]]"
draws=${1:?$usage}
shift
if [ "$draws" = --random ]; then
  draws=-${1:?$usage}
  shift
fi
here=$(cd "$(dirname "$0")" && pwd)
encoder=$(realpath "${1:-$here/multi/words.onnx}")
bank=$(realpath "${2:-$here/multi/words.bank}")
cd "$here"
words="jarvis computer alexa view-glass"
if [ "$draws" -gt 0 ]; then
  for word in $words; do
    ./condition-clips.sh "$word" >&2
  done
fi
list=$(mktemp)
trap 'rm -f "$list"' EXIT
./kept-speech.sh jarvis computer alexa view view-glass >"$list"
# shellcheck disable=SC2086
java --add-modules jdk.incubator.vector -Xmx4g -cp "$(./test-classpath.sh)" \
  io.github.rouse.enrol.EnrolmentTrials ../../shared/keywords "$encoder" "$bank" "$draws" "$list" \
  ../target/conditions $words
