#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages agree with the programs: the synopsis names the command, and the options are
# those of --help. Needs TOP and the tools.

bats_require_minimum_version 1.5.0

setup() {
	PATH=$TOP/build/tools:$PATH
}

# same TEXT TEXT: compares them, and shows how they differ
same() {
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

# section PAGE NAME: as man(1) shows it, in lines of any length, without blank ones
section() {
	groff -mandoc -Tascii -P-cbou -rLL=1000n "$TOP/$1" |
		awk -v name="$2" '/^[A-Z]/ { inside = $0 == name } inside && /^ /'
}

# The options in a text, without those that every command has.
options_in() {
	grep -oE -- '--[a-z][a-z-]*' | grep -vxE -- '--(help|usage|version|json)' | LC_ALL=C sort -u || true
}

# options_of COMMAND...: the options that --help lists, without their descriptions
options_of() {
	"$@" --help | grep -oE '^ +(-., )?--[a-z-]+' | options_in
}

# The commands that --help lists.
commands_of() {
	"$@" --help | awk '/^Commands:/ { inside = 1; next } /^$/ { inside = 0 } inside { print $1 }'
}

# The forms of a command in the list of procsrvctl(1), which groff indents by five columns, or by
# seven since 1.23.
forms_of() {
	section tools/procsrvctl.1 DESCRIPTION | grep -E "^ {5,7}$*( |\$)"
}

@test "every synopsis begins with the command that the page is about" {
	local page want forms

	cd "$TOP"
	for page in tools/*.1; do
		want=${page#tools/}
		want=${want%.1}
		[[ $want != procsrvctl-* ]] || want=${want/-/ }
		# With a hyphen, where apropos(1) is to know it.
		section "$page" NAME | grep -qE "^ +${want/ /[ -]} --? "
		forms=$(section "$page" SYNOPSIS)
		[[ -n $forms ]]
		same '' "$(grep -vE "^ +$want( |\$)" <<<"$forms")"
	done
}

@test "procsrvctl(1) lists every command" {
	local command

	for command in $(commands_of procsrvctl); do
		forms_of "$command" >/dev/null || { echo "not listed: $command" && false; }
	done
}

@test "procsrvctl(1) has the options of every command" {
	local command commands=() word

	for command in $(commands_of procsrvctl); do
		case $command in
		# They have pages of their own.
		top | supervise) continue ;;
		session | group)
			for word in $(commands_of procsrvctl "$command"); do
				commands+=("$command $word")
			done
			;;
		*) commands+=("$command") ;;
		esac
	done
	((${#commands[@]} > 20))
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # it may be two words
		same "$command: $(options_of procsrvctl $command)" \
			"$command: $(forms_of "$command" | options_in)"
	done
}

@test "the pages of procsrvctl top and supervise have their options" {
	local command

	for command in top supervise; do
		same "$(options_of procsrvctl "$command")" \
			"$(section "tools/procsrvctl-$command.1" SYNOPSIS | options_in)"
	done
}

@test "the pages of procsrv-replay, procsrv-differential and procsrv-run have their options" {
	local program

	for program in procsrv-replay procsrv-differential procsrv-run; do
		same "$(options_of "$program")" "$(section "tools/$program.1" OPTIONS | options_in)"
	done
}

@test "the pages have --help, --usage and --version" {
	local page

	for page in procsrv-replay procsrv-differential procsrv-run; do
		same $'--help\n--usage\n--version' "$(section "tools/$page.1" OPTIONS |
			grep -oE -- '--(help|usage|version)$' | LC_ALL=C sort)"
	done
	same $'--help\n--usage\n--version' "$(section tools/procsrvctl.1 DESCRIPTION |
		grep -oE -- '--(help|usage|version)' | LC_ALL=C sort -u)"
}

@test "libprocsrv(3) has every function, as the header declares it" {
	local want

	want=$(awk '/^[a-z].*procsrv_[a-z_]+\(/ { open = 1 } open { printf "%s ", $0 }
		open && /;/ { open = 0; print "" }' "$TOP/lib/procsrv.h" | tr -s ' \t' ' ' | sed 's/ *$//' | sort)
	same "$want" "$(section lib/libprocsrv.3 SYNOPSIS |
		awk '/procsrv_[a-z_]+\(/ { print type $0; next } { type = $0 }' |
		tr -s ' ' ' ' | sed 's/^ //; s/\* procsrv/*procsrv/' | sort)"
}

@test "each function of the library has a page, of its group, which says what the header does" {
	local dir=$BATS_TEST_TMPDIR/man3 function

	"$TOP/lib/manual.py" "$TOP/lib/procsrv.h" "$dir"
	same "$("$TOP/lib/manual.py" --list "$TOP/lib/procsrv.h" | sort)" "$(ls "$dir")"
	grep -oE '^[a-z].*\bprocsrv_[a-z_]+\(' "$TOP/lib/procsrv.h" >"$dir.declared"
	while read -r function; do
		grep -q '^\.so man3/libprocsrv-' "$dir/$function.3"
		grep -q "^\.Fn $function " "$dir/$(sed 's#.*/##' "$dir/$function.3")"
	done < <(grep -oE 'procsrv_[a-z_]+' "$dir.declared")
	groff -mandoc -Tascii -P-cbou -rLL=1000n "$dir/libprocsrv-lifecycle.3" |
		grep -qE '^ +Returns 0 or an error: -EAGAIN with PROCSRV_WAIT_NOHANG, -ETIMEDOUT\.$'
}

@test "procsrv(4) has every call with its structure, and every parameter of the module" {
	local page

	page=$(section man/procsrv.4 DESCRIPTION)
	same "$(sed -nE 's/^#define (PROCSRV_IOC_[A-Z_]+)[^_].*/\1/p' \
		"$TOP/include/uapi/linux/procsrv.h" | grep -vxE 'PROCSRV_IOC_MAGIC' | sort)" \
		"$(grep -oE 'PROCSRV_IOC_[A-Z_]+( \(|,)' <<<"$page" | grep -oE '[A-Z_]+' | sort)"
	same "$(cat "$TOP"/procsrv_main.c "$TOP/debug/debug.c" | tr -d '\n\t' |
		grep -oE 'module_param(_named|_cb)?\([a-z_]+' | sed 's/.*(//' | sort)" \
		"$(section man/procsrv.4 'MODULE PARAMETERS' | grep -oE '^ {5,7}(max_|device_|init_|checks?)[a-z_]*' |
			tr -d ' ' | sort)"
}
