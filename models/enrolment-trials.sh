#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Enrols four words from recordings drawn at random of their training part and prints what is missed of the
# development part's speakers, as recorded and in the conditions of condition-clips.sh, and of the other recordings of
# the one person, where there is only one: %, with 0.5 | 1 false alarm per hour of kept-speech.sh and of the other words'
# development recordings. "5 of 5" is of four people for alexa, which has no more. With --random COUNT, enrols COUNT random
# draws instead and counts refused and deaf models. Needs ../shared beside the clone, sources.sh, sox and espeak-ng. Two
# draws take 12 minutes on two cores.
# Usage: models/enrolment-trials.sh DRAWS|--random COUNT [ENCODER [BANK]]
set -eu
usage="usage: models/enrolment-trials.sh DRAWS|--random COUNT [ENCODER [BANK]]"
what=table
draws=${1:?$usage}
shift
if [ "$draws" = --random ]; then
  what=random
  draws=${1:?$usage}
  shift
fi
[ "$draws" -ge 1 ] 2>/dev/null || {
  echo "enrolment-trials.sh: $draws draws; $usage" >&2
  exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
encoder=$(realpath "${1:-$here/multi/words.onnx}")
bank=$(realpath "${2:-$here/multi/words.bank}")
cd "$here"
words="jarvis computer alexa view-glass"
classes=$(./test-classpath.sh)
list=$(mktemp)
trap 'rm -f "$list"' EXIT
set -- "$what" "$draws"
if [ "$what" = table ]; then
  for word in $words; do
    ./condition-clips.sh "$word" >&2
  done
  ./kept-speech.sh jarvis computer alexa view view-glass >"$list"
  set -- "$@" "$list" ../target/conditions
fi
# shellcheck disable=SC2086
java --add-modules jdk.incubator.vector -Xmx4g -cp "$classes" io.github.rouse.enrol.EnrolmentTrials \
  ../../shared/keywords "$encoder" "$bank" "$@" $words
