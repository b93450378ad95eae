#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the samples of this folder, words.csv (file,word,start,end in seconds) and the table in README.md.
# Needs espeak-ng and sox. The same versions of both make the same bytes.
#
# A file is a row of pieces: `say` appends speech, trimmed of the silence around it, `gap` appends silence. So where a
# word begins and ends is counted in samples while assembling, and not guessed afterwards.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
work=$(mktemp -d "${TMPDIR:-/tmp}/rouse-samples.XXXXXX")
trap 'rm -rf "$work"' EXIT

sox() { command sox -R "$@"; } # -R: the same noise and dither every time

echo "file,word,start,end" >words.csv
: >"$work/table"
rm -f -- *.flac *.ogg *.wav

# begin FILE RATE DESCRIPTION
begin() {
  file=$1 rate=$2 about=$3
  at=0 # samples so far
  count=0
  row=()   # all pieces in order
  spoken=() # those with speech, for the level noise is measured against
  words=
  gap 0.6
}

# gap SECONDS
gap() {
  count=$((count + 1))
  local piece=$work/$count.wav
  sox -n -r "$rate" -c 1 -b 16 "$piece" trim 0.0 "$1"
  row+=("$piece")
  at=$((at + $(soxi -s "$piece")))
}

# voice OUT VOICE SPEED PITCH DB TEXT: mono at $rate, peaks at DB, no silence at either end
voice() {
  espeak-ng -v "$2" -s "$3" -p "$4" -w "$work/raw.wav" -- "$6"
  sox "$work/raw.wav" -r "$rate" -c 1 -b 16 "$1" norm -1 rate -h "$rate" \
    silence 1 0.005 1% reverse silence 1 0.005 2% reverse norm "$5"
}

# say VOICE SPEED PITCH DB TEXT
say() {
  count=$((count + 1))
  local piece=$work/$count.wav
  voice "$piece" "$@"
  row+=("$piece")
  spoken+=("$piece")
  at=$((at + $(soxi -s "$piece")))
}

seconds() { awk -v n="$1" -v rate="$rate" 'BEGIN { printf "%.2f", n / rate }'; }

# wake VOICE SPEED PITCH DB WORD REST: the word, a comma's pause, and what is asked
wake() {
  local word=$5 start=$at
  say "$1" "$2" "$3" "$4" "$word"
  local span
  span="$(seconds "$start"),$(seconds "$at")"
  echo "$file,$word,$span" >>words.csv
  echo "| \`$file\` | $word | ${span/,/ | } |" >>"$work/table"
  words=yes
  gap 0.2
  say "$1" "$2" "$3" "$4" "$6"
}

rms() { sox "$1" -n stat 2>&1 | awk '/^RMS.*amplitude/ { print $3 }'; }

# babble OUT SECONDS: six voices reading different lines at once
babble() {
  local lines=(
    "The meeting was moved to Thursday afternoon because the large room is being painted."
    "If you take the second road on the left you will see the bridge behind the trees."
    "We had soup and bread, and then a very long discussion about the price of apples."
    "My sister plays the violin, but the neighbours would prefer the piano."
    "Nobody knew where the keys were until the dog brought them back from the garden."
    "The weather report promises rain for the north and a little sunshine on Sunday."
  )
  local voices=(en-gb+f1 en-us+m2 en-gb-scotland+f4 en-us+m5 en-gb-x-rp+m7 en-029+f3)
  local i parts=()
  for i in 0 1 2 3 4 5; do
    voice "$work/b.wav" "${voices[i]}" $((140 + 9 * i)) $((30 + 8 * i)) -9 "${lines[i]}"
    # Each voice goes round and round its line, starting somewhere else in it.
    sox "$work/b.wav" "$work/b$i.wav" pad 0 0.5 repeat 20 trim "0$i" "$2"
    parts+=("$work/b$i.wav")
  done
  sox -m "${parts[@]}" "$1"
}

# noise KIND OUT SECONDS, all near full scale
noise() {
  case $1 in
    floor) sox -n -r "$rate" -c 1 -b 16 "$2" synth "$3" whitenoise vol 0.2 ;;
    pink | brown) sox -n -r "$rate" -c 1 -b 16 "$2" synth "$3" "$1noise" vol 0.5 ;;
    hum) sox -n -r "$rate" -c 1 -b 16 "$2" synth "$3" sine 50 synth "$3" sine mix 100 synth "$3" sine mix 150 vol 0.3 ;;
    babble) babble "$2" "$3" ;;
  esac
}

# finish [KIND SNR_DB]...: lays noise under the row, that many dB below the level of its speech
finish() {
  gap 0.8
  local clean=$work/clean.wav length speech mix quality i=0
  sox "${row[@]}" "$clean"
  length=$(soxi -D "$clean")
  speech=0.1 # a file without foreground speech: noise relative to -20 dBFS
  if [ ${#spoken[@]} -gt 0 ]; then
    sox "${spoken[@]}" "$work/spoken.wav"
    speech=$(rms "$work/spoken.wav")
  fi
  mix=(-v 1 "$clean")
  set -- "$@" floor 50
  while [ $# -gt 0 ]; do
    i=$((i + 1))
    noise "$1" "$work/n$i.wav" "$length"
    mix+=(-v "$(awk -v s="$speech" -v n="$(rms "$work/n$i.wav")" -v db="$2" 'BEGIN { print s / n * 10 ^ (-db / 20) }')")
    mix+=("$work/n$i.wav")
    shift 2
  done
  quality=()
  [ "$file" = "${file%.ogg}" ] || quality=(-C 4) # of Vorbis
  sox -m "${mix[@]}" -b 16 "${quality[@]}" "$file"
  [ -n "$words" ] || echo "| \`$file\` | none | | |" >>"$work/table"
  # shellcheck disable=SC2016 # backquotes for Markdown
  printf '| `%s` | %s | %.1f s | %s |\n' "$file" "$rate Hz" "$length" "$about" >>"$work/files"
}

begin jarvis-quiet.flac 16000 "one speaker in a quiet room"
wake en-gb+m3 150 45 -6 jarvis "turn on the light."
gap 1.2
say en-gb+m3 150 45 -6 "I think it is much too dark in here to read the newspaper."
gap 1.0
wake en-gb+m3 160 50 -9 jarvis "what time is it?"
gap 1.5
wake en-gb+m3 140 40 -6 jarvis "play some music in the kitchen."
finish

begin computer-kitchen.ogg 44100 "mains hum and a fan (pink noise), 20 dB below the voice"
wake en-us+f2 160 55 -4 computer "set a timer for ten minutes."
gap 1.3
say en-us+f2 160 55 -4 "The potatoes need a little longer than the beans."
gap 0.9
wake en-us+f2 170 60 -4 computer "how many grams are in an ounce?"
gap 1.0
wake en-us+f2 150 50 -8 computer "stop the timer."
finish hum 26 pink 20

begin alexa-office.ogg 16000 "people talking in the background, 15 dB below the voice"
wake en-us+f4 155 50 -3 alexa "call the front desk."
gap 1.4
wake en-us+f4 155 45 -3 alexa "what is the weather in Boston?"
gap 1.1
say en-us+f4 150 50 -3 "Somebody has taken my umbrella again."
gap 1.2
wake en-us+f4 165 52 -3 alexa "remind me at five."
finish babble 15

begin three-words.ogg 48000 "three words, three voices, quiet"
wake en-gb+f3 155 60 -6 computer "open the window."
gap 1.2
wake en-us+m1 150 40 -6 jarvis "lock the door."
gap 1.2
wake en-gb-scotland+f5 145 50 -6 alexa "good night."
gap 1.2
say en-us+m1 150 40 -6 "That is all for today, thank you very much."
finish

begin jarvis-noise-10db.ogg 16000 "pink noise 10 dB below the voice"
wake en-us+m4 155 45 -3 jarvis "close the garage."
gap 1.5
wake en-gb+f1 155 55 -3 jarvis "is anybody at the door?"
gap 1.2
say en-us+m4 155 45 -3 "The washing machine makes more noise every week."
gap 1.0
wake en-us+m4 165 50 -3 jarvis "turn the heating down."
finish pink 10

begin story-with-words.ogg 16000 "one long text, two speakers, the words among it, faint background talk"
say en-gb+m7 165 45 -6 "Once upon a time there was a house that listened. Its owner had three names for it."
gap 1.1
wake en-gb+m7 165 45 -6 computer "make the tea, he used to say in the morning."
gap 0.8
say en-gb+m7 165 45 -6 "At noon he was in a better mood, and then the house had another name."
gap 1.0
wake en-gb+m7 165 50 -6 jarvis "where did I leave my glasses?"
gap 0.9
say en-us+f5 160 55 -6 "His daughter did not agree. She thought that a house needs a friendly name."
gap 1.0
wake en-us+f5 160 55 -6 alexa "tell him they are on his nose."
gap 0.7
say en-gb+m7 165 45 -6 "And so they lived happily, all three, until the batteries were empty."
finish babble 25

begin none-like-jarvis.ogg 44100 "no such word, but ones like jarvis"
say en-gb+m3 150 45 -6 "Service, please. The service here is terrible."
gap 1.1
say en-us+m4 160 50 -6 "Travis, turn on the light. Travis, what time is it?"
gap 1.0
say en-gb+f2 155 55 -6 "The harvest makes him nervous. Marvin carves this jar for Davis."
gap 1.0
say en-us+f1 150 50 -6 "Charles, is the car full of chargers? Yes, and the jar is also full."
finish pink 30

begin none-like-computer-alexa.ogg 16000 "no such word, but ones like computer and alexa"
say en-us+f2 160 55 -6 "Commuter, stand back. The commuter train to Alaska is late."
gap 1.0
say en-gb+m5 150 45 -6 "Their Lexus stops at the light. Alexander, what is the weather? Electra, good night."
gap 1.1
say en-us+m2 160 45 -6 "A tutor came, put her coat away and asked about the new commuters."
gap 0.9
say en-gb+f4 155 50 -6 "I'll ask a relaxed accountant. Election day is in Texas."
finish babble 22

begin none-noise-and-talk.ogg 48000 "nobody near: background talk, hum and pink noise only"
gap 8
finish babble 0 hum 12 pink 14

# --- the tables, between their marks in README.md
fill() { # fill MARK FILE
  awk -v mark="$1" -v table="$2" '
    $0 == "<!-- end of " mark " -->" { skip = 0 }
    !skip
    $0 == "<!-- " mark " -->" { print ""; while ((getline line < table) > 0) print line; print ""; skip = 1 }
  ' README.md >"$work/README.md"
  cp "$work/README.md" README.md
}
{ printf '| file | rate | length | what |\n|---|---|---|---|\n'; cat "$work/files"; } >"$work/files.md"
{ printf '| file | word | start | end |\n|---|---|---|---|\n'; cat "$work/table"; } >"$work/table.md"
fill files "$work/files.md"
fill words "$work/table.md"
