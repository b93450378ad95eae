#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whether invented words (`rouse speak --pseudo --near`) are worth having as hard negatives: enrols a word from five
# recordings of the training part, as many speakers as there are, without and with them, and prints for each false
# alarms on kept-speech.sh and the other words' development recordings, words missed of the development part's
# speakers, and what is missed, %, at 0.5 | 1 false alarm per hour.
# Usage: models/pseudo-trials.sh WORD SEED [COUNT]
set -eu
cd "$(dirname "$0")"
usage="usage: models/pseudo-trials.sh WORD SEED [COUNT]"
word=${1:?$usage}
seed=${2:?$usage}
count=${3:-200}
keywords=../../shared/keywords
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

{
  ./kept-speech.sh jarvis computer alexa view view-glass
  for other in jarvis computer alexa view-glass; do
    [ "$other" = "$word" ] || echo "$keywords/$other/development"
  done
} | awk '{ print "--negatives"; print "\"" $0 "\"" }' >"$scratch/negatives"

# One recording of each speaker in turn, both in random order; those that `rouse enroll` refuses are left out.
(cd "$keywords/$word/training" && printf "%s\n" *) | awk -F- -v seed="$seed" '
  BEGIN { srand(seed) }
  { if (!($1 in speaker)) speaker[$1] = rand(); print rand(), speaker[$1], $0 }' | sort -n |
  awk '{ print ++turn[$2], $2, $3 }' | sort -k 1,1n -k 2,2n | cut -d ' ' -f 3 >"$scratch/order"
enrol() {
  ../rouse enroll multi/words.onnx --word "$word" --out "$scratch/word.onnx" --force --seed "$seed" \
    --recordings "$scratch/said" "$@" >"$scratch/expect" 2>&1
}
while :; do
  rm -rf "$scratch/said"
  mkdir "$scratch/said"
  head -n 5 "$scratch/order" | while read -r file; do cp "$keywords/$word/training/$file" "$scratch/said"; done
  ! enrol || break
  sed -n 's#.*/said/\([^:]*\): .*#\1#p' "$scratch/expect" >"$scratch/refused"
  if [ ! -s "$scratch/refused" ]; then
    cat "$scratch/expect" >&2
    exit 1
  fi
  grep -vxFf "$scratch/refused" "$scratch/order" >"$scratch/others"
  mv "$scratch/others" "$scratch/order"
done
../rouse speak --quiet --pseudo "$count" --near "$(echo "$word" | tr - ' ')" --seed "$seed" --out "$scratch/near"

# trial NAME [options of `rouse enroll`]
trial() {
  name=$1
  shift
  enrol "$@" || {
    echo "$word $seed, $name: $(tail -n 1 "$scratch/expect")"
    return 0
  }
  ../rouse eval "$scratch/word.onnx" --positives "$keywords/$word/development" "@$scratch/negatives" \
    --slice none --quiet --format json | tr -d '\n ' |
    sed 's/.*"as_it_is":{[^}]*"miss_rate":\([0-9.eE-]*\),[^}]*"false_alarms":\([0-9]*\),.*"at":{[^}]*"0.5":\([0-9.a-zE-]*\),"1":\([0-9.a-zE-]*\)}.*/\1 \2 \3 \4/' |
    awk -v name="$word $seed, $name" '
      function percent(share) { return share == "null" ? "-" : sprintf("%.1f", 100 * share) }
      NF != 4 { print name ": no figures" >"/dev/stderr"; exit 1 }
      { printf "%s: %d false alarms, %s %% missed; %s | %s %%\n", name, $2, percent($1), percent($3), percent($4) }'
}
trial without
trial with --hard-negatives "$scratch/near"
