#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a model misses of the development recordings as they are, at 10 dB, 25 dB softer, sampled at 8 kHz, 1 to
# 5 m away in simulated rooms, in running speech, a quarter faster and slower, 3 semitones higher and lower: `rouse eval`
# against the real speech that nothing here is trained on. The clips stay in target/conditions. Needs sox.
# Usage: models/conditions.sh MODEL.onnx WORD [options of `rouse eval`, such as --no-verifier]
set -eu
usage="usage: models/conditions.sh MODEL.onnx WORD [OPTIONS]"
model=${1:?$usage}
word=${2:?$usage}
shift 2
model=$(cd "$(dirname "$model")" && pwd)/$(basename "$model")
cd "$(dirname "$0")"
spoken=$(cd ../../shared && pwd)/keywords/$word/development
clips=$(./condition-clips.sh "$word")
kept=$(./kept-speech.sh "$word" | sed 's/^/--negatives=/')
set -f
IFS='
'
# shellcheck disable=SC2086
printed=$(../rouse eval "$model" --word "$word" --quiet --positives "$spoken" --positives "$clips" "$@" $kept)
printf "%s\n" "$printed" | sed "/^negatives /,\$d; s#$clips/##; s#$spoken#as it is#"
