# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # other shells expand it
#
# tmux, screen and dtach: servers that outlive what starts them.

export TERM=linux SCREENDIR=$PWD/screen TMUX_TMPDIR=$PWD
mkdir -m 700 screen

until_file() {
	until [[ -s $1 ]]; do sleep 0.05; done
}

tmux -f /dev/null new-session -d 'echo $$ >tmux; read -r x; echo "$x" >answer; sleep 1000'
until_file tmux
tmux send-keys 'typed' Enter
until_file answer
cat answer
tmux list-sessions -F '#{session_windows}'
tmux kill-server
while kill -0 "$(<tmux)" 2>/dev/null; do sleep 0.05; done
echo "tmux ended"

screen -c /dev/null -d -m sh -c 'echo $$ >screened; exec sleep 1000'
until_file screened
screen -X quit
while kill -0 "$(<screened)" 2>/dev/null; do sleep 0.05; done
echo "screen ended"

dtach -n "$PWD/socket" sh -c 'echo $$ >dtached; exec sleep 1000'
until_file dtached
kill "$(<dtached)"
while [[ -e socket ]]; do sleep 0.05; done
echo "dtach ended"
