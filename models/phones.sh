#!/bin/sh
# Which phones are said when in the running speech of ../shared, as PocketSphinx hears it (apt:
# pocketsphinx pocketsphinx-en-us sox): about right, and of many people. Resumable.
# Usage: models/phones.sh OUT.ctm
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
speech=$here/../../shared/speech
model=/usr/share/pocketsphinx/model/en-us
folder=$(dirname "$out")/heard
chunk=20 # seconds
mkdir -p "$folder"

# hear NAME: all WAVs of a folder
hear() {
  [ -f "$folder/$1.seg" ] && return
  (cd "$folder/$1" && ls *.wav | sed 's/\.wav$//') >"$folder/$1.ctl"
  pocketsphinx_batch -adcin yes -adchdr 44 -cepdir "$folder/$1" -cepext .wav -ctl "$folder/$1.ctl" \
    -hmm $model/en-us -lm $model/en-us.lm.bin -dict $model/cmudict-en-us.dict \
    -hypseg "$folder/$1.part" -logfn "$folder/$1.log"
  mv "$folder/$1.part" "$folder/$1.seg"
}

# to_wav FOLDER FILE [sox effects]
to_wav() {
  name=$(basename "$2" | sed 's/\.[^.]*$//')
  from=$2
  to=$folder/$1/$name$3.wav
  shift 3
  sox "$from" -r 16000 -c 1 -b 16 "$to" "$@"
}

if [ ! -f "$folder/converted" ]; then
  mkdir -p "$folder/short" "$folder/long"
  for file in "$speech"/readers/* "$speech"/commands/[4-9a-f]*; do
    to_wav short "$file" ""
  done
  for file in "$speech"/stories/19-* "$speech"/stories/26-* "$speech"/kathleen/*; do
    to_wav long "$file" . trim 0 $chunk : newfile : restart
  done
  touch "$folder/converted"
fi
hear short &
hear long
wait
{
  awk -f "$here/phones.awk" $model/cmudict-en-us.dict "$folder/short.seg"
  awk -f "$here/phones.awk" -v chunk=$chunk $model/cmudict-en-us.dict "$folder/long.seg"
} >"$out.part"
mv "$out.part" "$out"
