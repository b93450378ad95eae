#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `rouse spot` misses at 0.5 and 1 false alarms per hour, clean and at 10 dB: the keywords and words of the
# development recordings, and twenty phrases of orders for coffee by people who are kept out of training. A
# file counts as missed if the phrase is not found anywhere in it; events in the development negatives and the
# folders given that do not say the phrase are false alarms. Needs sox. Clips and events stay in target/spot.
# Usage: models/spot-figures.sh NETWORK.onnx BANK [NEGATIVES...]
set -eu
usage="usage: models/spot-figures.sh NETWORK.onnx BANK [NEGATIVES...]"
network=$(realpath "${1:?$usage}")
bank=$(realpath "${2:?$usage}")
shift 2
here=$(cd "$(dirname "$0")" && pwd)
shared=$(cd "$here/../../shared" && pwd)
work=$here/../target/spot
rouse=${ROUSE:-$here/../rouse}
mkdir -p "$work"

cat >"$work/phrases.txt" <<'END'
jarvis
computer
alexa
view glass
happy
bed
cat
single shot
double shot
triple shot
dark roast
light roast
medium roast
house coffee
iced coffee
drip coffee
iced mocha
mocha
cappuccino
espresso
americano
twelve ounce
sixteen ounce
brown sugar
soy milk
almond milk
sweetener
END

# Which file says which phrase: a file, a tab, the phrases with | around each.
{
  for file in "$shared"/keywords/*/development/* "$shared"/speech/words/bed/[0-2]* \
    "$shared"/speech/words/cat/[0-2]* "$shared"/speech/words/happy/[0-2]*; do
    printf '%s\t|%s|\n' "$file" "$(echo "${file#"$shared"/}" | sed 's#speech/words/##; s#keywords/##; s#/.*##; s/-/ /')"
  done
  awk -F '\t' -v folder="$shared/speech/commands/" '/^[0-3]/ {
    gsub(/ *\| */, "|", $2)
    print folder $1 "\t|" $2 "|"
  }' "$shared/speech/commands/phrases.tsv"
} >"$work/said.tsv"

if [ ! -d "$work/10dB" ]; then
  rm -rf "$work/part"
  mkdir -p "$work/part"
  ls "$shared"/noise/*-5-* "$shared"/noise/household-r* "$shared"/noise/music-s* >"$work/noises"
  number=0
  cut -f 1 "$work/said.tsv" | while read -r file; do
    noise=$(awk -v turn="$number" '{ line[NR] = $0 } END { print line[turn % NR + 1] }' "$work/noises")
    number=$((number + 1))
    length=$(soxi -D "$file")
    # The speech without its pauses, and the noise, have these root mean squares.
    speech=$(sox -V1 "$file" -r 16000 -c 1 -n silence 1 0.05 1% -1 0.05 1% stat 2>&1 | awk '/RMS.*amplitude/ { print $3 }')
    sox -V1 "$noise" -r 16000 -c 1 -b 16 "$work/noise.wav" repeat 9 trim 0 "$length"
    loud=$(sox -V1 "$work/noise.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ { print $3 }')
    factor=$(awk -v s="$speech" -v n="$loud" 'BEGIN { print s / (n > 0 ? n : 1) / 10 ^ (10 / 20) }')
    sox -V1 -m -v 1 "$file" -v "$factor" "$work/noise.wav" -r 16000 -c 1 -b 16 "$work/part/$number.wav"
    printf '%s\t%s\n' "$work/10dB/$number.wav" "$file"
  done >"$work/10dB.tsv"
  mv "$work/part" "$work/10dB"
fi

spot() {
  "$rouse" spot --quiet --network "$network" --phone-bank "$bank" --phrases "$work/phrases.txt" \
    --threshold 0.02 --refractory 0.5 --format csv "$@"
}

quoted() {
  sed 's/.*/"&"/'
}

cut -f 1 "$work/said.tsv" | quoted >"$work/clean.args"
cut -f 1 "$work/10dB.tsv" | quoted >"$work/10dB.args"
{
  ls -d "$shared"/speech/readers-development/*.flac "$shared"/speech/stories/27-* "$shared"/speech/commands/[0-3]*.flac \
    "$shared"/speech/words/bed/[0-2]* "$shared"/speech/words/cat/[0-2]* "$shared"/speech/words/happy/[0-2]* \
    "$shared"/speech/words/mixed/*-[0-2]* "$shared"/keywords/*/development/*
  for more in "$@"; do
    find "$more" -type f
  done
} 2>/dev/null | quoted >"$work/negatives.args"
tr -d '"' <"$work/negatives.args" | tr '\n' '\0' | xargs -0 soxi -D 2>/dev/null | awk '{ s += $1 } END { print s / 3600 }' >"$work/hours"
spot "@$work/clean.args" >"$work/clean.csv"
spot "@$work/10dB.args" >"$work/10dB.csv"
spot "@$work/negatives.args" >"$work/negatives.csv" || true # of files that cannot be read

awk -F '\t' -v work="$work" -v hours="$(cat "$work/hours")" '
  function events(file, best, list,    line, c) {
    while ((getline line <file) > 0) {
      split(line, c, ",")
      if (c[1] == "source") continue
      if (c[7] + 0 > best[c[3], c[1]] + 0) best[c[3], c[1]] = c[7]
      if (list && index(said[c[1]], "|" c[3] "|") == 0 && !holds(said[c[1]], c[3])) alarm[c[3], ++alarms[c[3]]] = c[7]
    }
  }
  function holds(all, phrase) {
    gsub(/\|/, " | ", all)
    return index(" " all " ", " " phrase " ") > 0
  }
  function threshold(phrase, most,    i, j, t, n) { # of the alarm after the most that are allowed
    n = alarms[phrase]
    for (i = 1; i <= most + 1 && i <= n; i++) for (j = i + 1; j <= n; j++) if (alarm[phrase, j] > alarm[phrase, i]) {
      t = alarm[phrase, i]
      alarm[phrase, i] = alarm[phrase, j]
      alarm[phrase, j] = t
    }
    return most + 1 <= n ? alarm[phrase, most + 1] : 0.02
  }
  { said[$1] = $2 }
  END {
    while ((getline line <(work "/10dB.tsv")) > 0) { split(line, c, "\t"); noisy[c[2]] = c[1] }
    events(work "/clean.csv", clean)
    events(work "/10dB.csv", loud)
    events(work "/negatives.csv", none, 1)
    printf "%-16s %5s  %s\n", "", "files", "missed, %: clean at 0.5/h, 1/h; 10 dB at 0.5/h, 1/h; alarms per hour at 0.5"
    while ((getline phrase <(work "/phrases.txt")) > 0) {
      half = threshold(phrase, int(hours / 2))
      one = threshold(phrase, int(hours))
      n = a = b = c1 = d = e = 0
      for (f in said) if (holds(said[f], phrase)) {
        n++
        a += clean[phrase, f] + 0 <= half
        b += clean[phrase, f] + 0 <= one
        c1 += loud[phrase, noisy[f]] + 0 <= half
        d += loud[phrase, noisy[f]] + 0 <= one
      }
      for (i = 1; i <= alarms[phrase]; i++) e += alarm[phrase, i] >= 0.5
      printf "%-16s %5d  %3.0f %3.0f  %3.0f %3.0f  %.1f\n", phrase, n, 100 * a / n, 100 * b / n, 100 * c1 / n, 100 * d / n, e / hours
      if (phrase != "bed" && phrase != "cat") {
        m++; A += 100 * a / n; B += 100 * b / n; C += 100 * c1 / n; D += 100 * d / n; E += e / hours
      }
    }
    printf "%-16s %5s  %3.0f %3.0f  %3.0f %3.0f  %.1f\n", "mean, 2 syll. up", "", A / m, B / m, C / m, D / m, E / m
    printf "%.2f h of negatives\n", hours
  }' "$work/said.tsv"
