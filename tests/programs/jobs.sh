# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # other shells expand it
#
# Programs that start, end, or supervise others.

seq 50 | xargs -P 4 -n 1 sh -c 'exit 0'
echo "xargs $?"
seq 50 | xargs -P 4 -n 1 sh -c '[ "$0" -lt 49 ] || exit 255' 2>/dev/null
echo "xargs that fails $?"
timeout 0.2 sleep 1000
echo "timeout $?"
timeout -k 0.2 5 sh -c 'trap "" TERM; while :; do sleep 1; done'
echo "timeout -k $?"
timeout --foreground 0.2 sleep 1000
echo "timeout --foreground $?"
timeout -s INT --preserve-status 5 sh -c 'trap "exit 7" INT; while :; do sleep 0.01; done'
echo "timeout --preserve-status $?"
timeout 5 sh -c 'kill -STOP $$'
echo "timeout of a stopped one $?"
tini -s -- sh -c '(sleep 0.2; exit 3) & exec sh -c "sleep 0.4; exit 4"'
echo "tini $?"
tini -s -g -- sh -c 'kill -TERM $PPID; sleep 1000'
echo "tini -g $?"
dumb-init sh -c '(sleep 0.1 &); sleep 0.3; exit 5'
echo "dumb-init $?"
dumb-init --single-child sh -c 'kill -TERM $PPID; sleep 1000'
echo "dumb-init --single-child $?"
setsid -w sh -c 'ps -o sid= -p $$ | grep -qw $$; exit $?'
echo "setsid $?"
setsid setsid -f true
echo "setsid -f $?"
nohup sh -c 'kill -HUP $$; exit 6' 2>/dev/null
echo "nohup $?"
start-stop-daemon --start --background --make-pidfile --pidfile "$PWD/pid" --exec /bin/sleep -- 1000
until [ -s pid ]; do sleep 0.05; done
start-stop-daemon --status --pidfile "$PWD/pid"
echo "start-stop-daemon --status $?"
start-stop-daemon --stop --retry 5 --pidfile "$PWD/pid" --exec /bin/sleep --quiet
echo "start-stop-daemon --stop $?"
start-stop-daemon --status --pidfile "$PWD/pid"
echo "start-stop-daemon --status $?"
daemonize -p "$PWD/daemon" /bin/sleep 1000
until [ -s daemon ]; do sleep 0.05; done
kill "$(cat daemon)"
echo "daemonize $?"
parallel --no-notice -j 4 -k 'echo {}; exit {}' ::: 0 1 2 0 </dev/null
echo "parallel $?"
flock lock sh -c 'exit 8'
echo "flock $?"
script -qec 'stty -a >/dev/null; kill -INT $$; exit 9' /dev/null
echo "script $?"
nice -n 5 env -i /bin/sh -c 'exec /bin/sh -c "exit 10"'
echo "env $?"
