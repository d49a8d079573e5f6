#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shared by the scripts that use apt: apt with state and lists in the cache, so that what
# this machine's own apt knows stays as it is. Sourced after lib.sh, not run.

LISTS_MAX_AGE_MIN=720

# A name that apt does not know, with a dot or plus in it, is a regular expression to apt,
# and linux-source-6.1 would bring linux-source-6.12. With this, names are only names.
EXACT=(-o APT::Cmd::Pattern-Only=true)

# apt_profile NAME [ARCHITECTURE]: set APT to the options that make apt work in the cache, on
# the user's own sources (profile "own") or on one suite of Debian, and there with the packages
# of another architecture, too.
apt_profile() {
	local dir=$CACHE/apt/$1

	mkdir -p "$dir"/{lists,cache/archives}/partial
	touch "$dir/status"
	APT=(-qq "${EXACT[@]}"
		-o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists"
		-o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache"
		-o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none
		-o Acquire::Retries=3)
	if [[ $1 != own ]]; then
		APT+=(-o "Dir::Etc::sourcelist=$dir/sources.list"
			-o Dir::Etc::sourceparts=/dev/null
			-o Dir::Etc::preferences=/dev/null
			-o Dir::Etc::preferencesparts=/dev/null
			-o APT::Default-Release=)
	fi
	[[ -z ${2:-} ]] || APT+=(-o APT::Architectures::=amd64 -o "APT::Architectures::=$2")
}

# apt_update NAME [ARCHITECTURE]
apt_update() {
	local stamp=$CACHE/apt/$1/.updated

	apt_profile "$@"
	if [[ -n $(find "$stamp" -mmin -$LISTS_MAX_AGE_MIN 2>/dev/null) ]]; then
		return
	fi
	apt-get "${APT[@]}" update >&2 || return
	touch "$stamp"
}

# Where this machine gets Debian from. apt reads its sources for us, in whatever
# format they are; the labels come from the signed Release files.
mirror() {
	apt_update own >&2 || log "some of this machine's apt sources cannot be reached"
	apt_profile own
	# shellcheck disable=SC2016 # $(...) are the names of apt's fields
	apt-get "${APT[@]}" indextargets --format \
		'$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
		awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" && !n++ { print $4 }'
}
