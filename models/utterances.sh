#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes real.tsv, synthetic.tsv and kept.tsv: which phones are said in English speech, an utterance a line: file,
# start and end in seconds (- for the file's end), phones. Those of the accents are given with them; those of words
# and synthetic sentences are the dictionary's; those of readers and commands are of the words that PocketSphinx
# hears, so about right. kept.tsv has every fifth speaker of the accents, for figures alone. Needs target/spoken and
# target/texts (models/make.sh); apt: ffmpeg pocketsphinx pocketsphinx-en-us sox. About 25 minutes on one core.
# Usage: models/utterances.sh FOLDER
set -eu
mkdir -p "${1:?usage: models/utterances.sh FOLDER}"
folder=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
speech=$here/../../shared/speech
sources=$here/../target/sources
model=/usr/share/pocketsphinx/model/en-us
dictionary=$model/cmudict-en-us.dict
heard=$folder/heard
rm -rf "$heard"
mkdir "$heard"

accents() {
  awk -F '\t' -v speech="$speech" -v kept="$1" 'NR > 1 && ($1 ~ /[05]$/) == kept {
    gsub(/ \./, "", $7)
    gsub(/[0-9]?_[BIES]/, "", $7)
    print speech "/accents/" $1 ".ogg\t" $4 "\t" $5 "\t" $7
  }' "$speech/accents/accents.tsv"
}

# Standard input has a text, a tab and a file a line. Texts with a word outside the dictionary are left out.
spelt() {
  awk -F '\t' -v dictionary="$dictionary" '
    BEGIN {
      while ((getline line <dictionary) > 0) {
        at = index(line, " ")
        phones[substr(line, 1, at - 1)] = substr(line, at)
      }
    }
    {
      count = split(tolower($1), word, /[^a-z'"'"']+/)
      said = ""
      for (i = 1; i <= count; i++) {
        if (word[i] != "" && !(word[i] in phones)) next
        if (word[i] != "") said = said phones[word[i]]
      }
      if (said != "") print $2 "\t0\t-\t" substr(said, 2)
    }'
}

synthetic() {
  for file in "$here"/../target/spoken/others/*.wav; do
    echo "$file"
  done | awk -v texts="$here/../target/texts/training.txt" '
    BEGIN {
      while ((getline line <texts) > 0) if (line !~ /^[ \t]*$/) text[count++] = line
    }
    {
      number = $0
      sub(/.*-/, "", number)
      print text[number + 0] "\t" $0
    }' | spelt
}

# Files that a recipe may name: see kept-speech.sh.
words() {
  for file in "$speech"/words/bed/[3-9a-f]* "$speech"/words/cat/[3-9a-f]* "$speech"/words/happy/[3-9a-f]* \
    "$speech"/words/mixed/*-[3-9a-f]* "$speech"/words/hadouken/* "$speech"/words/trick_or_treat/* \
    "$speech"/words/how_are_you/* "$speech"/words/goodnight/* "$sources"/precise/athena/athena-en-[3-9a-f]*; do
    text=$(basename "$(dirname "$file")")
    [ "$text" != mixed ] || text=$(basename "$file" | cut -d - -f 1)
    printf '%s\t%s\n' "$(echo "$text" | tr _ ' ' | sed 's/hadouken/ha dough ken/; s/goodnight/good night/')" "$file"
  done | spelt
}

# What PocketSphinx hears between pauses: pieces of 2 to 15 s.
dictated() {
  for file in "$speech"/readers/*.flac "$speech"/commands/[4-9a-f]*.flac; do
    name=$(basename "$file" | sed 's/\.[^.]*$//')
    length=$(soxi -D "$file")
    ffmpeg -nostdin -hide_banner -i "$file" -af silencedetect=n=-35dB:d=0.25 -f null - 2>&1 |
      awk -v end="$length" '
        BEGIN { from = last = 0 }
        /silence_start/ { start = $NF + 0 }
        /silence_end/ {
          pause = (start + $5) / 2
          if (pause - from > 15) from = last
          if (pause - from > 6) { print from, pause; from = pause }
          last = pause
        }
        END { if (end - from > 1) print from, end }' |
      while read -r from to; do
        piece=$name-$from
        sox "$file" -r 16000 -c 1 -b 16 "$heard/$piece.wav" trim "$from" "=$to"
        printf '%s\t%s\t%s\t%s\n' "$piece" "$file" "$from" "$to"
      done
  done >"$heard/pieces"
  cut -f 1 "$heard/pieces" >"$heard/names"
  pocketsphinx_batch -adcin yes -adchdr 44 -cepdir "$heard" -cepext .wav -ctl "$heard/names" \
    -hmm $model/en-us -lm $model/en-us.lm.bin -dict $dictionary \
    -hyp "$heard/words" -logfn "$heard/log"
  awk -F '\t' 'FNR == NR { if (match($0, / \(.*\)$/)) {
        name = substr($0, RSTART + 2, RLENGTH - 3)
        sub(/ -?[0-9]+$/, "", name)
        text[name] = substr($0, 1, RSTART - 1)
      }
      next
    }
    $1 in text { print text[$1] "\t" $2 "\t" $3 "\t" $4 }' "$heard/words" "$heard/pieces" >"$heard/texts"
  cut -f 1,2 "$heard/texts" | awk -F '\t' '{ print $1 "\t" NR }' | spelt | awk -F '\t' 'FNR == NR {
      place[FNR] = $2 "\t" $3 "\t" $4
      next
    }
    { print place[$1] "\t" $4 }' "$heard/texts" -
}

accents 1 >"$folder/kept.tsv"
synthetic >"$folder/synthetic.tsv"
{
  accents 0
  words
  dictated
} >"$folder/real.tsv.part"
mv "$folder/real.tsv.part" "$folder/real.tsv"
rm -r "$heard"
