#!/bin/bash
# A Slurm of one folder: `sbatch`, `squeue`, `scancel` and `scontrol` by the name it is called by.
# FAKE_SLURM names the folder; a file `says-<program>` in it makes that program misbehave, once for each line:
#   garbage | empty | fail | hang | slow | taken (does it, and says that it failed) | forgotten (says so, and does not)
set -u
me=$(basename "$0"); T=$FAKE_SLURM
how=; if [ -s "$T/says-$me" ]; then how=$(head -1 "$T/says-$me"); sed -i 1d "$T/says-$me"; fi
case $how in
garbage) echo 'slurm: 42 is the answer'; exit 0;;
empty) exit 0;;
fail) echo "$me: error: Unable to contact slurm controller (connect failure)" >&2; exit 1;;
hang) exec sleep 1000;;
slow) : > "$T/began-$me"; for _ in $(seq 600); do [ -e "$T/go-$me" ] && break; sleep 0.1; done;;
esac
case $me in
scontrol) echo 'SLURM_VERSION           = 0.0-fake'; echo "MaxArraySize            = $(cat "$T/most" 2>/dev/null || echo 1001)";;
sbatch)
  printf '%s\n' "$@" > "$T/last-arguments"
  for word in "$@"; do case $word in
    --job-name=*) name=${word#*=};; --array=0-*) last=${word#--array=0-}; last=${last%\%*};;
    --output=*) output=${word#*=};; --wrap=*) wrap=${word#*=};;
  esac; done
  job=$(($(cat "$T/jobs" 2>/dev/null || echo 0) + 1)); echo $job > "$T/jobs"
  if [ "$how" != forgotten ]; then
    for i in $(seq 0 "$last"); do
      log=${output//%A/$job}; log=${log//%a/$i}
      echo "$name" > "$T/job-${job}_$i"
      (export SLURM_JOB_ID=$job SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$i SLURMD_NODENAME=fake
       if [ -e "$T/holds" ]; then exit; fi
       setsid sh -c 'echo $$ > "$0"; exec sh -c "$1"' "$T/pid-${job}_$i" "$wrap" >> "$log" 2>&1 < /dev/null
       rm -f "$T/job-${job}_$i") > /dev/null 2>&1 < /dev/null &
    done
  fi
  [ "$how" = taken ] && { echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1; }
  echo $job;;
squeue)
  for word in "$@"; do case $word in --name=*) names=,${word#*=},;; esac; done
  for file in "$T"/job-*; do
    [ -e "$file" ] || continue
    id=${file#"$T"/job-}; name=$(cat "$file" 2>/dev/null) || continue
    case $names in *,$name,*) ;; *) continue;; esac
    if [ -e "$T/pid-$id" ]; then echo "$id|${id%_*}|${id#*_}|$name|RUNNING|fake|None"
    else echo "$id|${id%_*}|${id#*_}|$name|PENDING||Resources"; fi
  done;;
scancel)
  for word in "$@"; do case $word in --name=*) name=${word#*=};; *_*)
    [ "$(cat "$T/job-$word" 2>/dev/null)" = "$name" ] || continue
    [ -s "$T/pid-$word" ] && kill -TERM "$(cat "$T/pid-$word")"
    [ -e "$T/holds" ] && rm -f "$T/job-$word";;
  esac; done;;
esac
exit 0
