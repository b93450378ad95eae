#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Enrols a word from recordings drawn at random of its training part and prints what is missed: %, with 0.5 | 1 false
# alarm per hour of kept-speech.sh and of the other words' development recordings, of the development part's
# speakers; and of the other recordings of the one person, where there is only one. Reports "deaf" where
# `rouse enroll` refuses the model.
# Usage: models/enrolment-trials.sh ENCODER BANK WORD SEED
set -eu
cd "$(dirname "$0")"
usage="usage: models/enrolment-trials.sh ENCODER BANK WORD SEED"
model=${1:?$usage}
bank=${2:?$usage}
word=${3:?$usage}
seed=${4:?$usage}
recordings=../../shared/keywords/$word/training
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

{
  ./kept-speech.sh jarvis computer alexa view view-glass
  for other in jarvis computer alexa view-glass; do
    [ "$other" = "$word" ] || echo "../../shared/keywords/$other/development"
  done
} >"$scratch/paths"
awk '{ print "--negatives"; print "\"" $0 "\"" }' "$scratch/paths" >"$scratch/negatives"

# missed FOLDER: of the words in it, %, at 0.5 | 1 false alarm per hour
missed() {
  ../rouse eval "$scratch/word.onnx" --positives "$1" "@$scratch/negatives" --quiet --format json |
    tr -d '\n ' | sed 's/.*"at":{[^}]*"0.5":\([0-9.e-]*\),"1":\([0-9.e-]*\)}.*/\1 \2/' |
    awk '{ printf "%.1f | %.1f\n", 100 * $1, 100 * $2 }'
}

: >"$scratch/refused" # recordings that `rouse enroll` would not have: others are drawn

# drawn COUNT SPEAKERS: recordings of as many speakers, as evenly as there are
drawn() {
  (cd "$recordings" && printf "%s\n" *) | grep -vxFf "$scratch/refused" | awk -F- -v count="$1" -v speakers="$2" -v seed="$seed" '
    BEGIN { srand(seed) }
    { place[$0] = rand(); speaker[$0] = $1; if (!($1 in first)) { first[$1] = rand() } size[$1]++ }
    END {
      while (chosen++ < speakers) {
        best = ""
        for (s in first) {
          if (size[s] * speakers >= count && (best == "" || first[s] < first[best])) { best = s }
        }
        if (best == "") { break }
        delete first[best]
        take[best] = 1
      }
      for (n = 0; n < count; ) {
        for (s in take) {
          best = ""
          for (f in place) { if (speaker[f] == s && (best == "" || place[f] < place[best])) { best = f } }
          if (best != "" && n < count) { print best; delete place[best]; n++ }
        }
      }
    }'
}

# enrol NAME COUNT SPEAKERS [options of `rouse enroll`]
enrol() {
  name=$1
  count=$2
  speakers=$3
  shift 3
  while :; do
    rm -rf "$scratch/said" "$scratch/rest"
    mkdir "$scratch/said" "$scratch/rest"
    drawn "$count" "$speakers" >"$scratch/drawn"
    while read -r file; do cp "$recordings/$file" "$scratch/said"; done <"$scratch/drawn"
    from="--recordings $scratch/said"
    [ "$count" -gt 0 ] || from=
    # shellcheck disable=SC2086
    ! ../rouse enroll "$model" --bank "$bank" --word "$word" --out "$scratch/word.onnx" --force $from "$@" \
      >"$scratch/expect" 2>"$scratch/problems" || break
    if grep -q "would detect only" "$scratch/problems"; then
      echo "$word, $name: deaf"
      return 0
    fi
    sed -n 's#.*/said/\([^:]*\): .*#\1#p' "$scratch/problems" >"$scratch/more"
    if [ ! -s "$scratch/more" ]; then
      cat "$scratch/problems" >&2
      exit 1
    fi
    sed "s/^/$word, $name, refused: /" "$scratch/more"
    cat "$scratch/more" >>"$scratch/refused"
  done
  echo "$word, $name: $(missed "../../shared/keywords/$word/development"); $(tail -n 1 "$scratch/expect")"
  [ "$speakers" = 1 ] || return 0
  speaker=$(sed -n '1s/-.*//p' "$scratch/drawn")
  for file in "$recordings/$speaker"-*; do
    grep -qx "$(basename "$file")" "$scratch/drawn" || cp "$file" "$scratch/rest"
  done
  [ -z "$(ls "$scratch/rest")" ] ||
    echo "$word, $name, the same person's: $(missed "$scratch/rest")"
}

spread=5
[ "$word" != alexa ] || spread=4 # there are no more
enrol "3 of one" 3 1
enrol "5 of one" 5 1
enrol "10 of one" 10 1
enrol "3 of three" 3 3
enrol "5 of $spread" 5 $spread
enrol "10 of $spread" 10 $spread
enrol "text alone" 0 0 --text
enrol "5 of one and text" 5 1 --text
enrol "5 of $spread and text" 5 $spread --text
