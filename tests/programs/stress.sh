# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The stressors of stress-ng for processes. It prints their times.

for stressor in fork vfork clone wait kill sigpipe zombie daemon exec pthread sigchld sigq \
	sigsuspend session switch; do
	stress-ng --temp-path "$PWD" --timeout 1 --"$stressor" 2 --"$stressor-ops" 200 \
		>out 2>&1
	echo "$stressor $?"
done
