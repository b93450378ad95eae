#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes sentences.txt and words.txt to a folder, for speech without the words given: English sentences
# of 3 to 14 words out of the fortune cookies, words out of PocketSphinx's dictionary, both in a random
# order that is always the same (apt: fortunes pocketsphinx-en-us).
# Usage: models/texts.sh FOLDER WORD...
set -eu
[ $# -gt 1 ] || {
  echo "usage: models/texts.sh FOLDER WORD..." >&2
  exit 2
}
folder=$1
shift
without=$(echo "$*" | tr ' ' '|')
cookies=/usr/share/games/fortunes
dictionary=/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict

for needed in $cookies $dictionary; do
  [ -e "$needed" ] || {
    echo "texts.sh: $needed: not there; apt install fortunes pocketsphinx-en-us" >&2
    exit 1
  }
done

shuffled() {
  shuf --random-source=$dictionary
}

mkdir -p "$folder"
find $cookies -maxdepth 1 -type f ! -name '*.*' | LC_ALL=C sort | xargs cat |
  grep -v '^%' | tr '\n' ' ' | tr '.!?;:' '\n' |
  sed "s/[^A-Za-z',-]/ /g; s/  */ /g; s/^[ ',-]*//; s/[ ',-]*\$//" |
  awk 'NF >= 3 && NF <= 14' | grep -Eiv "$without" | LC_ALL=C sort -u | shuffled >"$folder/sentences.txt"
grep -v "[(_.']" $dictionary | cut -d ' ' -f 1 | grep -Eiv "$without" | LC_ALL=C sort -u |
  shuffled >"$folder/words.txt"
