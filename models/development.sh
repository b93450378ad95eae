#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Development figures of a model: clean, and at 10 dB with half recorded noise and half babble of
# eight voices, against the negatives that no recipe here trains on (about three quarters of an hour).
# In the environment, POSITIVES names other recordings of the word, and SLICE is what --slice says.
# Usage: models/development.sh MODEL.onnx WORD [options of `rouse eval`, such as --gain -25]
set -eu
usage="usage: models/development.sh MODEL.onnx WORD [OPTIONS]"
model=${1:?$usage}
word=${2:?$usage}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
shared=$here/../../shared
negatives=$("$here/development-negatives.sh" "$word")
set -- "$model" --word "$word" --slice "${SLICE:-none}" --positives "${POSITIVES:-$shared/keywords/$word/development}" "$@"
while read -r path; do
  set -- "$@" --negatives "$path"
done <<EOF
$negatives
EOF
echo "clean"
"$here/../rouse" eval "$@"
for path in "$shared"/noise/*-5-* "$shared"/noise/household-r* "$shared"/noise/music-s*; do
  set -- "$@" --noise "$path"
done
echo "10 dB"
"$here/../rouse" eval "$@" --snr 10 --babble "$shared/speech/readers-development" \
  --babble "$shared/speech/stories/27-123349.ogg"
