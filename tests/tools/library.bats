#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# libprocsrv, as a program finds it: installed, through pkg-config.

load common

TOP=$BATS_TEST_DIRNAME/../..

setup_file() {
	ROOT=$BATS_FILE_TMPDIR/root
	make -C "$TOP/lib" O="$BATS_FILE_TMPDIR/build" DESTDIR="$ROOT" PREFIX=/usr install >&2
	export ROOT
	export PKG_CONFIG_LIBDIR=$ROOT/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$ROOT
	export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
	export LD_LIBRARY_PATH=$ROOT/usr/lib
}

setup() {
	PROGRAM=$BATS_TEST_TMPDIR/program
}

teardown_file() {
	true
}

# build COMPILER... -- FILE: a program with the flags of pkg-config, warnings being errors.
build() {
	local compiler=() flags

	while [[ $1 != -- ]]; do
		compiler+=("$1")
		shift
	done
	read -ra flags < <(pkg-config --cflags --libs procsrv)
	"${compiler[@]}" -Wall -Wextra -Werror -pedantic -o "$PROGRAM" "$2" "${flags[@]}"
}

# The functions that the header declares.
declared() {
	grep -oE '^[a-z].*\bprocsrv_[a-z_]+\(' "$TOP/lib/procsrv.h" |
		grep -oE 'procsrv_[a-z_]+\($' | tr -d '(' | sort
}

@test "what is installed" {
	same "usr/include/linux/procsrv.h
usr/include/procsrv.h
usr/lib/libprocsrv.a
usr/lib/libprocsrv.so -> libprocsrv.so.0
usr/lib/libprocsrv.so.0
usr/lib/pkgconfig/procsrv.pc
$({ echo libprocsrv.3 && "$TOP/lib/manual.py" --list "$TOP/lib/procsrv.h"; } |
	sed 's|^|usr/share/man/man3/|' | LC_ALL=C sort)" \
		"$(find "$ROOT" \( -type l -printf '%P -> %l\n' \) -o \( -type f -printf '%P\n' \) | LC_ALL=C sort)"
	same "$(procsrvctl --version)" "procsrvctl $(pkg-config --modversion procsrv)"
}

@test "it exports what the header declares, and nothing else" {
	local library=$ROOT/usr/lib/libprocsrv.so.0

	same "$(declared)" "$(nm -D --defined-only "$library" |
		awk '$2 == "T" { sub(/@@PROCSRV_[0-9]+[.][0-9]+$/, "", $3); print $3 }' | sort)"
	# A node for each release, in which every function is named.
	same "$(sed -n 's/^\(PROCSRV_.*\) {$/\1/p' "$TOP/lib/libprocsrv.map")" \
		"$(nm -D --defined-only "$library" | awk '$2 != "T" { print $3 }' | sort)"
	same '' "$(sed '/^\/\*/,/\*\//d' "$TOP/lib/libprocsrv.map" | grep -F '*' | grep -vxF $'\t\t*;')"
	[[ $(readelf -d "$library") == *"soname: [libprocsrv.so.0]"* ]]
}

@test "every operation has a function" {
	# shellcheck disable=SC2013 # words
	for request in $(grep -oE '^#define PROCSRV_IOC_[A-Z_]+ ' \
		"$TOP/include/uapi/linux/procsrv.h" | grep -oE 'PROCSRV_IOC_[A-Z_]+' |
		grep -v MAGIC); do
		grep -qw "$request" "$TOP"/lib/*.c || {
			echo "nothing uses $request"
			return 1
		}
	done
}

@test "the manual page names every function, and its example works" {
	local function

	for function in $(declared); do
		grep -qE "^\.Fn $function\b" "$TOP/lib/libprocsrv.3"
	done
	sed -n '/^\.Bd/,/^\.Ed/p' "$TOP/lib/libprocsrv.3" |
		sed '/^\.[BE]d/d; s/\\e/\\/g' >"$BATS_TEST_TMPDIR/example.c"
	build cc -- "$BATS_TEST_TMPDIR/example.c"
	same "2: signal 9" "$("$PROGRAM")"
}

@test "from C++" {
	cat >"$BATS_TEST_TMPDIR/program.cc" <<-'EOP'
		#include <procsrv.h>
		#include <unistd.h>
		#include <cstdio>

		int main()
		{
			procsrv_program program = {};
			procsrv_info info = {};
			procsrv_stats stats;
			procsrv_limits limits;
			int fd = procsrv_open(nullptr);
			int server = procsrv_new_server(fd);
			__u64 pid;

			program.name = "child";
			if (procsrv_create(server, PROCSRV_INIT_PID, &program, getuid(),
					   getgid(), 0, &pid) ||
			    procsrv_get_info(server, pid, &info) ||
			    procsrv_get_limits(server, pid, &limits) ||
			    procsrv_get_stats(server, &stats))
				return 1;
			std::printf("%s of %llu, %u threads\n", info.name,
				    (unsigned long long)stats.total_processes,
				    limits.max_threads);
		}
	EOP
	build c++ -- "$BATS_TEST_TMPDIR/program.cc"
	same "child of 2, 256 threads" "$("$PROGRAM")"
}

@test "every function, in a server of its own" {
	build cc -std=c99 -D_GNU_SOURCE -- "$BATS_TEST_DIRNAME/library.c"
	"$PROGRAM"
}

@test "the static library alone" {
	build cc -static -D_GNU_SOURCE -- "$BATS_TEST_DIRNAME/library.c"
	LD_LIBRARY_PATH='' "$PROGRAM"
}

@test "the device: none, something else, another one" {
	build cc -D_GNU_SOURCE -- "$BATS_TEST_DIRNAME/library.c"
	run -1 "$PROGRAM" /nonexistent
	same "/nonexistent: ENOENT" "$output"
	run -1 "$PROGRAM" /dev/null
	same "/dev/null: ENOTTY" "$output"
	PROCSRV_DEVICE=/dev/null run -1 "$PROGRAM"
	same "/dev/null: ENOTTY" "$output"
	PROCSRV_DEVICE='' run -0 "$PROGRAM"
}
