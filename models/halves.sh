#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whether `rouse tune` keeps its word: the threshold for 0.5 false alarms per hour on one half of the
# development negatives (every second recording, and every second synthetic one of make.sh), counted on
# the other half, and the other way round.
# Usage: models/halves.sh MODEL.onnx WORD
set -eu
usage="usage: models/halves.sh MODEL.onnx WORD"
model=${1:?$usage}
word=${2:?$usage}
here=$(cd "$(dirname "$0")" && pwd)
rouse=$here/../rouse
spoken=$here/../target/spoken/development
[ -d "$spoken" ] || {
  echo "halves.sh: $spoken: not there; make.sh speaks it" >&2
  exit 1
}
halves=$here/../target/halves
rm -rf "$halves"
mkdir -p "$halves/1" "$halves/2"
{
  "$here/development-negatives.sh" "$word" | while read -r path; do find "$path" -type f; done
  find "$(cd "$spoken" && pwd)" -type f
} | LC_ALL=C sort >"$halves/all"
awk -v to="$halves" '{ print $0 "\n" to "/" NR % 2 + 1 "/" NR "-" substr($0, match($0, "[^/]*$")) }' "$halves/all" |
  tr '\n' '\0' | xargs -0 -n 2 ln -s

for half in 1 2; do
  cp "$model" "$halves/model.onnx"
  "$rouse" tune "$halves/model.onnx" --quiet --negatives "$halves/$half" --false-alarms-per-hour 0.5
  "$rouse" eval "$halves/model.onnx" --word "$word" --slice none --quiet \
    --positives "$here/../../shared/keywords/$word/development" --negatives "$halves/$((3 - half))" |
    grep -e negatives -e "as it is"
done
rm -r "$halves"
