#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: lint.sh [--help] [STEP]...
#
# Checks the sources; says each command before it runs it; fails if any of them finds anything.
# All steps, or those named: checkpatch, sparse, kernel-doc, shellcheck, codespell; layers: that
# the model and the front ends keep apart; words: that the prose is plain; manuals: the manual
# pages, by mandoc; links: that what the documents refer to is there; abi: that the interface has
# not changed, and that its page has what the header says; unicode: that the tools' table of
# characters is what Unicode says; description: that of the interface for syzkaller, against its
# header; versions: that all say the same; exports: that the library has the functions of its
# header, as Debian's list says; licences: that each file has one, and a copyright, by reuse;
# bindings: that the structures of Python and Rust are those of the interface; mypy: the Python of
# python/ and its examples, by its types; and rust: the crate, by rustfmt, clippy and rustdoc.
# What checkpatch had no findings in is kept in the cache, and skipped until it changes.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# What checkpatch must not ask for:
readonly IGNORE=(
	# kmalloc_obj() and its kin are newer than the oldest kernel this builds for
	ALLOC_WITH_SIZEOF
	# compat.h is where the differences between kernels are, and nowhere else
	LINUX_VERSION_CODE
	# procsrv.h includes the interface, and the kernel's habit is to name both alike
	EMBEDDED_FILENAME
	# counters are named once for all that is made of the name
	MACRO_ARG_REUSE
	# the operations are named once for the table and for the switch over them
	COMPLEX_MACRO
	TRAILING_SEMICOLON
)
# Of programs in user space it must not ask for the kernel's own macros either. They have
# signal handlers and vfork(), which volatile is for; and a filter of system calls, which
# says that there is no such call.
readonly IGNORE_USER=(
	PREFER_DEFINED_ATTRIBUTE_MACRO
	VOLATILE
	ENOSYS
)

# libFuzzer's own names.
readonly IGNORE_FUZZ=(
	CAMELCASE
)

# Tracepoints have a layout of their own, in every header of them.
readonly TRACE='core/trace.h'
readonly IGNORE_TRACE=(
	PARENTHESIS_ALIGNMENT
	OPEN_ENDED_LINE
)

# Where programs in user space are.
readonly USER_DIRS=(lib tools selftests tests examples fuzz)

FAILED=()

# Files that git has or would take, by pattern, without links and deleted ones.
files() {
	local file

	git ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
		while read -r file; do
			[[ ! -f $file || -L $file ]] || echo "$file"
		done
}

# Shell scripts and tests, by their first line: not all have a name that says it.
scripts() {
	local file

	files | while read -r file; do
		! head -n1 -- "$file" | grep -qaE '^#!.*[/ ](ba|da)?sh\b|^#!.*bats\b' || echo "$file"
	done
}

# over COMMAND... -- FILE...: say the command, in short, and run it
over() {
	local command=()

	while [[ $1 != -- ]]; do
		command+=("$1")
		shift
	done
	shift
	printf '%s (%d files)\n' "${command[*]}" $#
	((!$#)) || "${command[@]}" "$@"
}

# passed IGNORED FILE...: for each file the name of one in the cache that is there if checkpatch had
# no findings in these contents before.
passed() {
	local rules

	rules=$(cat "$KERNEL"/scripts/{checkpatch.pl,spelling.txt} - <<<"$1" | sha256sum)
	sha256sum -- "${@:2}" | while read -r hash file; do
		echo "$CACHE/lint/${file//\//,}-${hash:0:16}-${rules:0:16}"
	done
}

# In batches, because a hundred lines take it a tenth of a second. Files that have passed are not
# checked again.
checkpatch() {
	local files=() marks=() all i

	mapfile -t all < <(passed "$@")
	for ((i = 0; i < ${#all[@]}; i++)); do
		[[ ! -e ${all[i]} ]] || continue
		marks+=("${all[i]}")
		files+=("${@:i + 2:1}")
	done
	((${#files[@]})) || return 0
	printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 4 perl "$KERNEL/scripts/checkpatch.pl" \
		--no-tree --strict --quiet --terse --show-types --ignore "$1" -f || return
	mkdir -p "$CACHE/lint"
	touch -- "${marks[@]}"
}

lint_checkpatch() {
	local kernel user fuzz status=0

	mapfile -t kernel < <(files '*.[ch]' ":!$TRACE" "${USER_DIRS[@]/#/:!}")
	mapfile -t user < <(files "${USER_DIRS[@]/%//*.[ch]}" ':!fuzz' ':!tests/replay/fuzz')
	mapfile -t fuzz < <(files 'fuzz/*.[ch]' 'tests/replay/fuzz/*.[ch]')
	over checkpatch "$(joined "${IGNORE[@]}")" -- "${kernel[@]}" || status=1
	over checkpatch "$(joined "${IGNORE[@]}" "${IGNORE_TRACE[@]}")" -- "$TRACE" || status=1
	over checkpatch "$(joined "${IGNORE[@]}" "${IGNORE_USER[@]}")" -- "${user[@]}" || status=1
	over checkpatch "$(joined "${IGNORE[@]}" "${IGNORE_USER[@]}" "${IGNORE_FUZZ[@]}")" -- \
		"${fuzz[@]}" || status=1
	return $status
}

# The kernel of the Debian release: sparse is too old for the newest one's headers. It only
# warns, and make is content with that; and make goes on without it if it does not work. What it
# says about the bodies of the kernel's inline functions, as rb_link_node_rcu()'s, is not ours.
lint_sparse() {
	local args out

	"$SCRIPTS/module.sh" stock >/dev/null || return
	read -ra args < <("$SCRIPTS/kernel.sh" --make-args stock)
	args+=("M=$TOP/build/stock" PROCSRV_BENCH=y W=1 KCFLAGS=-Werror C=2 modules)
	printf '%s\n' "make ${args[*]}"
	out=$(make --no-print-directory "${args[@]}" 2>&1) || true
	grep -vE '^  [A-Z]+ ' <<<"$out" || true
	grep -q '^  CHECK ' <<<"$out" &&
		! grep -E '(warning|error):|\*\*\*' <<<"$out" | grep -qvE '^[^:]*/linux-headers-[^:]*/include/'
}

lint_kernel-doc() {
	local with

	mapfile -t with < <(files '*.[ch]' "${USER_DIRS[@]/#/:!}" | xargs grep -l '^/\*\*$')
	over env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$KERNEL/scripts/kernel-doc" \
		-none -Werror -- "${with[@]}"
}

# Names of the headers of a folder, as a pattern.
headers() {
	files "$1/*.h" | sed 's#.*/##; s/\./\\./' | paste -sd'|'
}

# Lines that include a header of this tree that is not in a pattern.
other_includes() {
	grep -HnE '^\s*#\s*include\s+("|<(core|dev|debug)/)' "${@:2}" |
		grep -vE "#\s*include\s+\"($1)\"" || true
}

# The model knows no user memory, ioctl numbers or sysfs, and nothing of dev/ and debug/; the
# front ends know nothing of core/. Prints the lines that break that.
lint_layers() {
	local core dev found
	local -r shared='compat\.h|procsrv\.h|include/uapi/linux/procsrv\.h'
	local -r outside='linux/(uaccess|sysfs|kobject)\.h|\b__user\b|\b_IO[CRW]*\(|\bPROCSRV_IOC_'

	mapfile -t core < <(files 'core/*.[ch]' procsrv_tables.c)
	mapfile -t dev < <(files 'dev/*.[ch]')
	printf 'includes (%d files)\n' $((${#core[@]} + ${#dev[@]} + 2))
	found=$(
		grep -HnE "$outside" "${core[@]}" || true
		other_includes "$shared|(core/)?($(headers core))" "${core[@]}"
		other_includes "$shared|$(headers dev)" "${dev[@]}"
		other_includes "$shared|dev/($(headers dev))" procsrv_main.c procsrv_sysfs.c
	)
	[[ -z $found ]] || { printf '%s\n' "$found" && false; }
}

lint_shellcheck() {
	local with

	mapfile -t with < <(scripts)
	over shellcheck --external-sources -- "${with[@]}"
}

lint_codespell() {
	local with

	mapfile -t with < <(files ':!*.strace' ':!fuzz/corpus' ':!fuzz/regressions')
	# The name line of a man page is called Nd; a line that begins with "in" is \nin in printf;
	# syzkaller calls what goes in and comes out inout; a loner is alone in its group.
	# Rust calls a package a crate.
	over codespell --ignore-words-list nd,nin,inout,loner,crate -- "${with[@]}"
}

# Words for processes, tasks and readers as for people, and some inversions. "nobody" is also a user.
lint_words() {
	local with found
	local banned='\b(no|some|any|every)body\b|[ (](?i:whom|whoever|whosever)\b(?! =)'

	banned+='|\b([Tt]hose|[Oo]ne|[Aa]ll) who\b|\bin vain\b|(^|[.*#/] )Who [^?]*$'
	mapfile -t with < <(files ':!LICENSES' ':!fuzz/corpus' ':!fuzz/regressions' ':!*.strace' \
		':!scripts/lint.sh')
	printf 'plain words (%d files)\n' "${#with[@]}"
	found=$(grep -HnP "$banned" -- "${with[@]}" |
		grep -vE '["=:/]nobody|(user =|user|passwd|-un?|-gn|-s /bin/sh|home|nobody kills) nobody') || true
	[[ -z $found ]] || { printf '%s\n' "$found" && false; }
}

# Those of the functions of the library are made of its header. That a page is there is for links
# to tell; and lines are as long as those of all sources.
lint_manuals() {
	local dir found with

	dir=$(mktemp -d)
	# shellcheck disable=SC2064 # the name of now is meant
	trap "rm -rf '$dir'" RETURN
	lib/manual.py lib/procsrv.h "$dir"
	mapfile -t with < <(files '*.[1-9]' && find "$dir" -name 'libprocsrv-*.3')
	printf 'mandoc -Tlint (%d files)\n' "${#with[@]}"
	found=$(mandoc -Tlint -- "${with[@]}" 2>/dev/null |
		grep -vE 'STYLE: (referenced manual not found|input text line longer than 80 bytes):') || true
	[[ -z $found ]] || { printf '%s\n' "$found" && false; }
}

lint_links() {
	printf '%s\n' "$SCRIPTS/links.py"
	"$SCRIPTS/links.py"
}

lint_abi() {
	over "$SCRIPTS/abi.sh" -- --check &&
		over "$SCRIPTS/abi-doc.py" -- --check
}

lint_unicode() {
	over "$SCRIPTS/unicode.sh" -- --check
}

lint_description() {
	local command=(fuzz/check-description fuzz/procsrv.txt include/uapi/linux/procsrv.h)

	printf '%s | cc -fsyntax-only\n' "${command[*]}"
	"${command[@]}" | cc -xc -I. -fsyntax-only -
}

# Of Debian's changelog without the revision.
lint_versions() {
	local version found

	version=$(version)
	printf 'version %s\n' "$version"
	found=$(
		printf '%s\n' "dkms.conf: $(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)" \
			"CHANGELOG.md: $(sed -nE 's/^## ([0-9.]+).*/\1/p' CHANGELOG.md | head -n 1)" \
			"debian/changelog: $(sed -nE '1s/.*\((.*)-[^-]*\).*/\1/p' debian/changelog)" |
			grep -vE ": ${version//./\\.}\$"
	) || true
	[[ -z $found ]] || { printf '%s\n' "$found" && false; }
}

lint_exports() {
	local header list found

	header=$(grep -oE '^([a-z_0-9]+ )+\*?procsrv_\w+\(' lib/procsrv.h | grep -oE 'procsrv_\w+' |
		LC_ALL=C sort -u)
	for list in lib/libprocsrv.map debian/libprocsrv0.symbols; do
		printf '%s\n' "$list"
		found=$(diff <(echo "$header") <(grep -oE '^\s+procsrv_\w+' "$list" | tr -d ' \t' |
			LC_ALL=C sort -u)) || { printf '%s\n' "$found" && return 1; }
	done
}

lint_licences() {
	printf '%s\n' 'reuse lint'
	reuse lint | grep -vE '^(# SUMMARY)?$' | tail -n 20
	return "${PIPESTATUS[0]}"
}

lint_bindings() {
	over "$SCRIPTS/bindings.py" -- --check
}

lint_mypy() {
	local with

	mapfile -t with < <(files 'python/*.py' 'examples/python/*.py')
	over /usr/bin/mypy --strict --cache-dir /dev/null -- "${with[@]}"
}

# With Debian's programs: newer ones of another origin may come first in PATH.
lint_rust() {
	local with options=(--offline --quiet --manifest-path rust/Cargo.toml --target-dir build/rust-lint)

	mapfile -t with < <(files 'rust/*.rs')
	over /usr/bin/rustfmt --edition 2021 --config-path rust --check -- "${with[@]}" &&
		PATH=/usr/bin:$PATH over cargo clippy "${options[@]}" --all-targets -- \
			-- -D warnings &&
		PATH=/usr/bin:$PATH RUSTDOCFLAGS='-D warnings' over cargo doc --no-deps -- \
			"${options[@]}"
}

main() {
	local steps=() step start
	local known=(checkpatch sparse kernel-doc layers shellcheck codespell words manuals links abi
		unicode description versions exports licences bindings mypy rust)

	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		*)
			[[ " ${known[*]} " == *" $1 "* ]] || die "unknown step $1, see --help"
			steps+=("$1")
			;;
		esac
		shift
	done
	((${#steps[@]})) || steps=("${known[@]}")
	"$SCRIPTS/deps.sh" lint
	KERNEL=$CACHE/pkg/linux-source
	cd "$TOP"
	for step in "${steps[@]}"; do
		printf '\n--- %s\n' "$step"
		start=$SECONDS
		"lint_$step" || FAILED+=("$step")
		printf 'in %s\n' "$(elapsed "$start")"
	done
	((${#FAILED[@]} == 0)) || die "findings: ${FAILED[*]}"
	printf '\nno findings\n'
}

main "$@"
