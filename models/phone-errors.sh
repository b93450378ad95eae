#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Phone error rate of PocketSphinx's phone decoding (its phone language model, as in its documentation) on a
# list of utterances, such as the kept.tsv of utterances.sh; `rouse phones --references LIST` prints ours.
# apt: pocketsphinx pocketsphinx-en-us sox.
# Usage: models/phone-errors.sh LIST
set -eu
list=${1:?usage: models/phone-errors.sh LIST}
model=/usr/share/pocketsphinx/model/en-us
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
tab=$(printf '\t')
while IFS=$tab read -r file start end phones; do
  number=$((number + 1))
  sox -V1 "$file" -r 16000 -c 1 -b 16 "$work/$number.wav" trim "$start" "=$end" pad 0.2 0.3
  echo "$number" >>"$work/names"
  echo "$phones" >>"$work/said"
done <"$list"
pocketsphinx_batch -adcin yes -adchdr 44 -cepdir "$work" -cepext .wav -ctl "$work/names" \
  -hmm $model/en-us -allphone $model/en-us-phone.lm.bin -lw 2.0 -beam 1e-20 -pbeam 1e-20 \
  -hyp "$work/heard" -logfn "$work/log"
sed 's/ ([^()]*)$//; s/SIL//g; s/+[A-Z]*+//g' "$work/heard" | awk '
  FNR == NR { said[FNR] = $0; next }
  {
    n = split(said[FNR], a, " ")
    m = split($0, b, " ")
    for (i = 0; i <= n; i++) for (j = 0; j <= m; j++) {
      if (i == 0) d[i, j] = j
      else if (j == 0) d[i, j] = i
      else {
        d[i, j] = d[i - 1, j - 1] + (a[i] != b[j])
        if (d[i - 1, j] + 1 < d[i, j]) d[i, j] = d[i - 1, j] + 1
        if (d[i, j - 1] + 1 < d[i, j]) d[i, j] = d[i, j - 1] + 1
      }
    }
    errors += d[n, m]
    phones += n
  }
  END { printf "%d utterances, %d phones, %d errors: %.1f %%\n", FNR, phones, errors, 100 * errors / phones }
' "$work/said" -
