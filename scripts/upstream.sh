#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: upstream.sh LINUX
#        upstream.sh --help
#
# Puts the module into LINUX, the source of a kernel, as the driver drivers/misc/procsrv, with
# its configuration, its header, its KUnit tests, a page of documentation and the tests through
# the device as selftests. compat.h stays here: what it has for the newest kernel is written
# out. A driver that is there already is replaced.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# What compat.h says for the newest kernel. Its headers have the rest.
readonly WRITE_OUT='
	s/\bprocsrv_assign_str\((\w+), .*\);/__assign_str(\1);/
	s/\bprocsrv_hrtimer_setup\b/hrtimer_setup/
	s/\bprocsrv_uring_done\b/io_uring_cmd_done/
	s/\bprocsrv_class_create\b/class_create/
	s/\bprocsrv_devnode_device\b/const struct device/
	s/\bprocsrv_uninitialized\b/__uninitialized/
	s/\bPROCSRV_URING\b/CONFIG_IO_URING/
	s/\bEXPORT_SYMBOL_PROCSRV\((\w+)\)/EXPORT_SYMBOL_NS_GPL(\1, "PROCSRV")/
	s/\bPROCSRV_IMPORT\(\)/MODULE_IMPORT_NS("PROCSRV")/
	s/^PROCSRV_URING_TASK_WORK\((\w+), (\w+)\);/static void \1(struct io_tw_req req, io_tw_token_t tw)\
{\
	\2(io_uring_cmd_from_tw(req), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);\
}/
	s|^#include "(\.\./)*compat\.h"|#include <linux/module.h>|
	s|^#include "include/uapi/linux/procsrv\.h"|#include <linux/procsrv.h>|
'

# Of Kbuild: bench/ and the directory that the module is built in are matters of this tree.
# shellcheck disable=SC2016 # variables of make
readonly OPTIONS='
	s/^obj-m \+= procsrv\.o/obj-$(CONFIG_PROCSRV) += procsrv.o/
	s/^obj-m \+= procsrv_kunit\.o/obj-$(CONFIG_PROCSRV_KUNIT_TEST) += procsrv_kunit.o/
	s/\$\(PROCSRV_CHECK\)/$(CONFIG_PROCSRV_CHECK)/
	/^# The module can check itself/s/, unless.*/./
	/^PROCSRV_CHECK \?=/d
	/^# The same module from any/,/^$/d
	/^# Measurements/,$d
	s/^# Tests, with PROCSRV_KUNIT=y.*/# Tests, each of which ends with the check./
	/^ifneq .*PROCSRV_KUNIT/d
	/^endif$/d
	s/^obj-\$\(PROCSRV_CHECK:y=m\) \+= kunit\//obj-$(CONFIG_PROCSRV_KUNIT_TEST) += kunit\//
'

# Of the selftests: the harness is that of 6.1 here.
readonly NEW_HARNESS='
	s,"\.\./dev/(args|layout)\.h","\1.h",
	s/_metadata->passed = 1\b/_metadata->exit_code = KSFT_PASS/
	s/_metadata->passed\b/__test_passed(_metadata)/
	s|^#include "kselftest_harness\.h"|#include "../../kselftest_harness.h"|
'

copy_sources() {
	local file

	rm -rf -- "$DRIVER"
	mkdir -p "$DRIVER"
	for file in {,core/,dev/,debug/,kunit/}*.[ch]; do
		[[ $file != compat.h ]] || continue
		mkdir -p "$DRIVER/$(dirname "$file")"
		sed -E "$WRITE_OUT" "$file" >"$DRIVER/$file"
	done
	sed -E "$OPTIONS" Kbuild | cat -s >"$DRIVER/Makefile"
	sed -E "$OPTIONS" kunit/Kbuild >"$DRIVER/kunit/Makefile"
	cp upstream/Kconfig "$DRIVER"
	cp include/uapi/linux/procsrv.h "$LINUX/include/uapi/linux"
}

# Nothing of what differs between kernels may be left.
see_nothing_is_left() {
	! grep -rnE 'compat\.h|LINUX_VERSION_CODE|procsrv_(assign_str|hrtimer_setup|uring_done)' "$DRIVER" ||
		die "upstream.sh does not write out all of compat.h, see above"
}

# add FILE BEFORE LINE: puts a line before the first that matches, unless it is there
add() {
	grep -qxF -e "$3" "$1" || sed -i "0,/$2/s||$3\n&|" "$1"
}

join_in() {
	add "$LINUX/drivers/misc/Kconfig" '^endmenu' 'source "drivers/misc/procsrv/Kconfig"'
	# shellcheck disable=SC2016 # a variable of make
	grep -q 'procsrv/' "$LINUX/drivers/misc/Makefile" ||
		sed -i '$a obj-$(CONFIG_PROCSRV)\t\t+= procsrv/' "$LINUX/drivers/misc/Makefile"
}

# Of the manual pages; their headings are one level lower.
write_documentation() {
	local dir=$LINUX/Documentation/misc-devices page

	{
		# REUSE-IgnoreStart
		printf '%s\n' '.. SPDX-License-Identifier: GPL-2.0-only' '' \
			'==============' 'Process server' '==============' ''
		# REUSE-IgnoreEnd
		for page in man/procsrv.7 man/procsrv.4; do
			mandoc -T markdown "$page" | sed '1d;$d' |
				sed -n '/^# DESCRIPTION/,/^# SEE ALSO/p' | sed '$d' |
				pandoc --from markdown-smart --to rst --columns 80
			echo
		done
	} | sed '/^DESCRIPTION$/,+1d' >"$dir/procsrv.rst"
	grep -qE '^ +procsrv$' "$dir/index.rst" || sed -i '$a \   procsrv' "$dir/index.rst"
}

copy_selftests() {
	local dir=$LINUX/tools/testing/selftests/drivers/procsrv programs

	rm -rf -- "$dir"
	mkdir -p "$dir"
	cp selftests/*.[ch] dev/{args,layout}.h "$dir"
	sed -Ei "$NEW_HARNESS" "$dir"/*.[ch]
	programs=$(cd selftests && printf '%s ' ./*.c | sed 's|\./||g; s|\.c\b||g; s| $||')
	sed "s|@PROGRAMS@|$programs|" upstream/selftests.mk >"$dir/Makefile"
	echo 'CONFIG_PROCSRV=m' >"$dir/config"
}

main() {
	case ${1:-} in
	-h | --help) usage && exit ;;
	'' | -*) die "which LINUX? see --help" ;;
	esac
	LINUX=$(realpath -e -- "$1")
	[[ -e $LINUX/drivers/misc/Kconfig ]] || die "$1 is not the source of a kernel"
	DRIVER=$LINUX/drivers/misc/procsrv
	"$SCRIPTS/deps.sh" upstream
	cd "$TOP"
	copy_sources
	see_nothing_is_left
	join_in
	write_documentation
	copy_selftests
	log "drivers/misc/procsrv is in $1: CONFIG_PROCSRV"
}

main "$@"
