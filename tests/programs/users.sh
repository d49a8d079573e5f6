# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Programs with other users and capabilities: which signals they may send.

sleep 1000 &
root=$!
setpriv --reuid 65534 --clear-groups kill "$root" 2>/dev/null
echo "nobody kills root $?"
setpriv --reuid 65534 --clear-groups sleep 1000 &
setpriv --reuid 65534 --clear-groups kill "$!" 2>/dev/null
wait $!
echo "nobody kills nobody $?"
setpriv --bounding-set -kill --inh-caps -kill true 2>/dev/null
setpriv --reuid 65534 --clear-groups --inh-caps +kill --ambient-caps +kill kill "$root"
wait "$root"
echo "by capability $?"
su -s /bin/sh nobody -c 'id -un; exit 3' </dev/null
echo "su $?"
# As su, and the saved user remains.
sleep 1000 &
python3 -c '
import os, sys
os.setresuid(65534, 65534, 0)
try: os.kill(int(sys.argv[1]), 0); print("allowed")
except PermissionError: print("refused")
os.setresuid(-1, 0, -1)
os.kill(int(sys.argv[1]), 9)' $!
wait $!
echo "saved $?"
