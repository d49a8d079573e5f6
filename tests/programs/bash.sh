# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Features of bash alone.

n=0
trap 'n=$((n + 1))' CHLD
for i in 1 2 3; do sleep "0.$i" & done
wait -n
echo "first $?"
wait -n
wait -n
echo "third $?"
wait -n
echo "none $?"
trap - CHLD
echo "children $((n >= 3))"

coproc cat
echo "to the coprocess" >&"${COPROC[1]}"
read -r line <&"${COPROC[0]}"
echo "$line"
eval "exec ${COPROC[1]}>&-"
wait "$COPROC_PID"
echo "coprocess $?"

cat <(echo one) <(echo two)
echo three > >(sed 's/^/> /')
wait $!
set -o pipefail
false | true
echo "pipefail $?"
set -m
sh -c 'kill -STOP $$; exit 4' &
until [[ $(jobs) == *Stopped* ]]; do sleep 0.1; done
kill -CONT %1
wait $!
echo "continued $?"
# shellcheck disable=SC2216 # a pipeline, whatever is in it
sleep 1000 | sleep 1000 &
pid=$!
kill %1
wait "$pid"
echo "job $?"
sleep 1000 &
disown
jobs
kill $!
timeout 30 bash -c 'suspend -f; echo not here'
echo "suspended $?"
