#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whether `rouse tune` keeps its word: the threshold for RATE false alarms per hour (0.5) on one half of the
# kept speech (kept-speech.sh), counted on the other, and the other way round. The halves share no speaker.
# Usage: models/halves.sh MODEL.onnx WORD [RATE]
set -eu
usage="usage: models/halves.sh MODEL.onnx WORD [RATE]"
model=${1:?$usage}
word=${2:?$usage}
rate=${3:-0.5}
here=$(cd "$(dirname "$0")" && pwd)
rouse=$here/../rouse
mkdir -p "$here/../target"
halves=$(cd "$here/../target" && pwd)/halves
rm -rf "$halves"
mkdir -p "$halves/1" "$halves/2"
# A speaker's recordings share the first part of their name, up to "-", "_" or "."; Speech Commands has an id
# before "_nohash".
(cd "$here" && ./kept-speech.sh "$word" | while read -r path; do find "$(realpath "$path")" -type f; done) |
  LC_ALL=C sort -u |
  awk -v to="$halves" '{
    name = substr($0, match($0, "[^/]*$"))
    speaker = substr($0, 1, length($0) - length(name)) substr(name, 1, match(name, "[-_.]"))
    if (match(name, "[0-9a-f]+_nohash")) { speaker = substr(name, RSTART, RLENGTH) }
    if (!(speaker in half)) { half[speaker] = ++speakers % 2 + 1 }
    print $0 "\n" to "/" half[speaker] "/" NR "-" name
  }' | tr '\n' '\0' | xargs -0 -n 2 ln -s

for half in 1 2; do
  cp "$model" "$halves/model.onnx"
  "$rouse" tune "$halves/model.onnx" --quiet --negatives "$halves/$half" --false-alarms-per-hour "$rate"
  "$rouse" eval "$halves/model.onnx" --word "$word" --slice none --quiet \
    --positives "$here/../../shared/keywords/$word/development" --negatives "$halves/$((3 - half))" |
    grep -e negatives -e "as it is"
done
rm -r "$halves"
