# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Calls of scripts about processes; for any shell.

trap 'echo exit trap' EXIT
(exit 3)
echo "subshell $?"
sh -c 'kill -TERM $$'
echo "killed $?"
sleep 0.1 &
wait $!
echo "background $?"
sleep 1000 &
# Until it executes another program, it may have the trap of this one.
sleep 0.5
kill $!
wait $!
echo "killed in the background $?"
for i in 1 2 3 4 5 6 7 8; do (exit "$i") & done
wait
echo "all $?"
seq 100 | while read -r n; do echo "$n"; done | tail -n 1
yes | head -n 1
echo "in a pipe: $(echo a | (cat; exit 2) && echo none || echo failed)"
trap 'echo usr1' USR1
sh -c "sleep 0.2; kill -USR1 $$; sleep 1" &
wait $!
echo "interrupted $(($? > 128))"
wait
trap '' TERM
sh -c 'kill -TERM $$; echo ignored'
trap - TERM
f() { if [ "$1" -gt 0 ]; then (f $(($1 - 1))); else exit 9; fi; }
(f 20)
echo "nested $?"
exec sh -c 'exit 6'
