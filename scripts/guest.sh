#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: guest.sh [OPTION]... -- COMMAND [ARG]...
#        guest.sh [OPTION]... --interactive
#
# Boots a test bed on the file system of this machine, inserts modules, runs COMMAND
# there as root in the same directory as here, and returns its exit status.
#
#   --bed BED         stock (default), debian13, rt, arm64, s390x, kunit, kcsan, uml,
#                     uml-smp, uml-debug or uml-bench, see kernel.sh --help
#   --module FILE.ko  insert this first; may be given several times, order is kept
#   --timeout SECONDS kill the guest when it has run for so long (default 300)
#   --log FILE        where to keep the kernel's messages (default build/logs/BED-TIME.log)
#   --cpus N          default 2; uml has 1, and uml-debug has kmemleak with 1 only
#   --memory SIZE     default 1G; uml-debug 2G
#   --qemu-opts OPTS  more options for QEMU, in one argument
#   --interactive     a shell on this terminal instead of a command; it follows the
#                     terminal's size, and finds the programs of build/tools
#
# The guest cannot write to this machine's files except below $GUEST_OUT (default
# build/guest-out), a directory that both see under the same name. Writes to /tmp
# and the like stay in the guest's memory. Beds arm64 and s390x cannot run its programs: of its
# files they see this tree alone, have bash and busybox, and no shell on a terminal.
#
# Exit status: that of COMMAND; or
#   124  it took longer than the time limit
#   125  no verdict: the guest did not boot or died, a module could not be inserted,
#        or the kernel complained (a BUG, a WARNING, lockdep, KASAN, a stall ...)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

readonly TIMED_OUT=124 NO_VERDICT=125
readonly KVM_PROBE_S=15
# Of a report of KASAN: who did it, who allocated, who freed.
readonly SPLAT_LINES=70

# What a healthy kernel never says.
readonly SPLATS='BUG: |kernel BUG at|WARNING: |Oops: |Kernel panic|general protection fault[,:]|'\
'KASAN: |UBSAN: |KCSAN: |KFENCE: |ODEBUG: |refcount_t: |list_(add|del) corruption|'\
'INFO: task |INFO: trying to register non-static key|INFO: possible |inconsistent lock state|'\
'possible (circular|recursive|irq lock inversion|deadlock)|suspicious RCU usage|'\
'bad unlock balance|held lock freed|lock held when returning|still has locks held|'\
'sleeping function called|scheduling while atomic|DEBUG_LOCKS_WARN_ON|'\
'rcu.*detected.* stall|rcu.*starved|soft lockup|hard LOCKUP|blocked for more than|'\
'unreferenced object|[0-9]+ new suspected memory leaks|Bad page state|'\
'Unable to handle kernel|unable to handle page fault|stack-protector|Segfault with no mm'

# --- the command line -------------------------------------------------------

need_argument() {
	(($# > 1)) || die "$1 needs an argument"
}

parse() {
	BED=stock TIMEOUT=300 LOG='' CPUS='' MEMORY='' QEMU_OPTS='' INTERACTIVE=''
	MODULES=() COMMAND=()
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--interactive)
			INTERACTIVE=y
			shift
			continue
			;;
		--)
			shift
			COMMAND=("$@")
			break
			;;
		esac
		need_argument "$@"
		case $1 in
		--bed) BED=$2 ;;
		--module) MODULES+=("$(realpath -e -- "$2")") || die "no module $2" ;;
		--timeout) TIMEOUT=$2 ;;
		--log) LOG=$2 ;;
		--cpus) CPUS=$2 ;;
		--memory) MEMORY=$2 ;;
		--qemu-opts) QEMU_OPTS=$2 ;;
		*) die "unknown option $1, see --help" ;;
		esac
		shift 2
	done
	[[ -n $INTERACTIVE || ${#COMMAND[@]} -gt 0 ]] || die "no command, see --help"
	[[ -z $INTERACTIVE || $BED != arm64 && $BED != s390x ]] ||
		die "bed $BED has no shell on a terminal"
	[[ $TIMEOUT =~ ^[1-9][0-9]*$ ]] || die "--timeout wants whole seconds"
	case $BED in
	uml)
		[[ ${CPUS:=1} == 1 ]] || die "bed uml has one processor, see bed uml-smp"
		;;
	uml-debug) MEMORY=${MEMORY:-2G} ;;
	esac
	CPUS=${CPUS:-2} MEMORY=${MEMORY:-1G}
}

# --- a run ------------------------------------------------------------------

# RUN is seen by both sides, PRIVATE only by this one (its path is short enough for sockets).
make_directories() {
	GUEST_OUT=${GUEST_OUT:-$TOP/build/guest-out}
	mkdir -p "$GUEST_OUT"
	GUEST_OUT=$(cd -- "$GUEST_OUT" && pwd -P)
	LOG=${LOG:-$TOP/build/logs/$BED-$(date +%Y%m%d-%H%M%S)-$$.log}
	mkdir -p "$(dirname -- "$LOG")"
	RUN='' PRIVATE='' GUEST_PID='' FOLLOWER=''
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	RUN=$(mktemp -d "$GUEST_OUT/.run.XXXXXX")
	PRIVATE=$(mktemp -d "${TMPDIR:-/tmp}/procsrv-guest.XXXXXX")
	[[ $RUN$SCRIPTS != *[[:space:]\"\`]* ]] ||
		die "the kernel's command line cannot carry blanks or quotes: $RUN, $SCRIPTS"
	write_parameters
}

write_parameters() {
	local DIR=$PWD

	declare -p BED TOP DIR GUEST_OUT INTERACTIVE MODULES COMMAND >"$RUN/parameters"
}

# A process and all its descendants: User Mode Linux leaves its process group.
family_of() {
	local pid

	echo "$1"
	for pid in $(ps -o pid= --ppid "$1"); do
		family_of "$pid"
	done
}

kill_guest() {
	local pids

	[[ -n $GUEST_PID ]] || return 0
	mapfile -t pids < <(family_of "$GUEST_PID")
	kill -KILL -- "-$GUEST_PID" "${pids[@]}" 2>/dev/null || true
	# Collected here, or the shell would report how it died.
	wait "$GUEST_PID" 2>/dev/null || true
	GUEST_PID=''
}

cleanup() {
	local pids

	kill_guest
	if [[ -n $FOLLOWER ]]; then
		mapfile -t pids < <(family_of "$FOLLOWER")
		kill "${pids[@]}" 2>/dev/null || true
	fi
	[[ -z $RUN ]] || rm -rf -- "$RUN"
	[[ -z $PRIVATE ]] || rm -rf -- "$PRIVATE"
}

# Start a guest in a process group of its own, with a time limit that holds even if this
# script is killed; SIGKILL, because User Mode Linux makes a mess of SIGTERM. Its descriptors
# are pipes to ours and to the log: QEMU opens them anew by name, which fails for a socket and
# for a terminal of another user, and truncates a file.
launch() {
	local readers=()

	SECONDS=0
	mkfifo "$PRIVATE"/{out,err,console}
	cat <"$PRIVATE/out" &
	readers+=($!)
	cat <"$PRIVATE/err" >&2 &
	readers+=($!)
	tr -d '\r' <"$PRIVATE/console" >"$LOG" &
	readers+=($!)
	setsid timeout --signal=KILL "$TIMEOUT" "$@" </dev/null \
		>"$PRIVATE/out" 7>"$PRIVATE/err" 2>"$PRIVATE/console" &
	GUEST_PID=$!
	wait "$GUEST_PID" 2>/dev/null || true
	kill_guest
	wait "${readers[@]}"
}

# --- virtme-ng ----------------------------------------------------------------

# QEMU can open /dev/kvm on machines where guests then hang or crawl. Only a kernel that
# gets to the end of its boot, which without a root is a panic, proves that KVM works.
kvm_boots() {
	local out=$PRIVATE/kvm-probe

	[[ -w /dev/kvm ]] || return
	{
		timeout -k 2 $KVM_PROBE_S qemu-system-x86_64 -accel kvm -cpu host -m 512 \
			-nodefaults -no-reboot -display none -serial "file:$out" \
			-kernel "$1" -append 'console=ttyS0 panic=-1' </dev/null || true
	} >/dev/null 2>&1
	grep -qs 'Kernel panic' "$out"
}

# The answer holds until the machine is started anew.
use_kvm() {
	local memo=$CACHE/kvm-probe boot answer

	boot=$(</proc/sys/kernel/random/boot_id)
	if [[ $(head -n1 "$memo" 2>/dev/null) != "$boot" ]]; then
		answer=no
		! kvm_boots "$1" || answer=yes
		printf '%s\n%s\n' "$boot" "$answer" >"$memo.$$"
		mv "$memo.$$" "$memo"
	fi
	[[ $(tail -n1 "$memo") == yes ]]
}

# The console of a guest does not learn that the size of this terminal has changed. A port
# of its own says so: a line for each change.
follow_size() {
	local waiting

	trap 'stty size >"$PRIVATE/size.in"' WINCH
	sleep infinity &
	waiting=$!
	# It returns for each signal.
	until wait "$waiting"; do
		kill -0 "$waiting" 2>/dev/null || return
	done
}

# With commas doubled, as QEMU wants them.
share() {
	printf 'local,id=%s,security_model=none,multidevs=remap,path=%s%s' "$1" "${2//,/,,}" "${3:-}"
}

# The share for the results, and the port for the command's standard error, as the console
# has that of QEMU; or for the size of the terminal.
# shellcheck disable=SC2054 # commas within options
qemu_args() {
	QEMU=(-fsdev "$(share procsrv_out "$GUEST_OUT")"
		-device virtio-9p,fsdev=procsrv_out,mount_tag=procsrv.out)
	QEMU+=(-device virtio-serial)
	if [[ -n $INTERACTIVE ]]; then
		QEMU+=(-chardev "pipe,id=procsrv_size,path=${PRIVATE//,/,,}/size"
			-device virtserialport,name=procsrv.size,chardev=procsrv_size)
	else
		QEMU+=(-chardev file,id=procsrv_err,path=/proc/self/fd/7
			-device virtserialport,name=procsrv.stderr,chardev=procsrv_err)
	fi
	# shellcheck disable=SC2206 # options in one argument are meant to be split
	QEMU+=($QEMU_OPTS)
}

virtme_args() {
	local dir image

	image=$("$SCRIPTS/kernel.sh" --image "$BED")
	VIRTME=(--kimg "$image" --mods auto --force-9p --memory "$MEMORY" --cpus "$CPUS"
		--kopt "BASH_ENV=$SCRIPTS/guest-hook.sh" --kopt "PROCSRV_RUN=$RUN" --kopt loglevel=7)
	[[ -z $INTERACTIVE ]] || VIRTME+=(--kopt PROCSRV_INTERACTIVE=y)
	for dir in /etc /lib /home /opt /srv /usr /var /tmp; do
		[[ ! -d $dir ]] || VIRTME+=(--overlay-rwdir "$dir")
	done
	use_kvm "$image" && return
	# Emulated processors have none of the leaks that mitigations slow them down for.
	VIRTME+=(--disable-kvm --kopt mitigations=off)
	# With a thread for each processor, QEMU discards what it has translated of an instruction
	# before the instruction is overwritten, and another processor can translate the old one in
	# between: that stays. A kernel that patches itself writes a breakpoint, the rest, and then
	# the first byte over the breakpoint. A processor that keeps the breakpoint runs into it
	# when it is not expected any more, which is a panic (int3): at boot in sched_clock_cpu(),
	# for example. One thread for all processors cannot be in between.
	[[ $BED != debian13 && $BED != rt ]] || QEMU_OPTS="-accel tcg,thread=single $QEMU_OPTS"
}

run_virtme() {
	local root=$CACHE/pkg/virtme-ng
	local virtme=(env "PATH=$PATH:/usr/sbin:/sbin:$root/usr/bin" "TMPDIR=$PRIVATE"
		"PYTHONPATH=$root/usr/lib/python3/dist-packages"
		/usr/bin/python3 "$root/usr/bin/virtme-run")

	"$SCRIPTS/deps.sh" "${BED/#kcsan/kunit}"
	virtme_args
	qemu_args
	if [[ -n $INTERACTIVE ]]; then
		mkfifo "$PRIVATE"/size.{in,out}
		follow_size </dev/tty &
		FOLLOWER=$!
		"${virtme[@]}" "${VIRTME[@]}" --qemu-opts "${QEMU[@]}" 2> >(tr -d '\r' >"$LOG")
	else
		launch "${virtme[@]}" "${VIRTME[@]}" --show-boot-console --script-sh \
			"bash $(printf %q "$SCRIPTS/guest-inside.sh")" --qemu-opts "${QEMU[@]}"
	fi
}

# --- other architectures ------------------------------------------------------

# The modules that it takes to mount the shares, in the order in which they are inserted.
share_modules() {
	local tree=$CACHE/pkg/$BED release module

	release=$("$SCRIPTS/kernel.sh" --version "$BED")
	for module in 9pnet_virtio 9p; do
		PATH=$PATH:/usr/sbin:/sbin modprobe --dirname "$tree" --set-version "$release" \
			--show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

make_initramfs() {
	local root=$PRIVATE/root cross file n=10

	cross=$("$SCRIPTS/kernel.sh" --cross "$BED")
	mkdir -p "$root"/{bin,modules}
	cp "$cross/bin/bash-static" "$root/bin/bash"
	cp "$cross/bin/busybox" "$root/bin/busybox"
	cp "$SCRIPTS/guest-init.sh" "$root/init"
	while read -r file; do
		n=$((n + 1))
		xz -dcf "$file" >"$root/modules/$n-$(basename "$file" .xz)"
	done < <(share_modules)
	(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$PRIVATE/initramfs"
}

# shellcheck disable=SC2054 # commas within options
foreign_args() {
	FOREIGN=(-smp "$CPUS" -m "$MEMORY" -nodefaults -no-reboot -display none
		-kernel "$("$SCRIPTS/kernel.sh" --image "$BED")" -initrd "$PRIVATE/initramfs"
		-append "PROCSRV_RUN=$RUN PROCSRV_TOP=$TOP PROCSRV_OUT=$GUEST_OUT panic=-1 loglevel=7"
		-chardev file,id=procsrv_console,path=/proc/self/fd/2 -serial chardev:procsrv_console
		-fsdev "$(share procsrv_top "$TOP" ,readonly=on)"
		-device virtio-9p,fsdev=procsrv_top,mount_tag=procsrv.top
		-chardev file,id=procsrv_stdout,path=/proc/self/fd/1)
}

run_foreign() {
	local qemu machine

	case $BED in
	arm64) qemu=qemu-system-aarch64 machine=(-machine virt -cpu cortex-a72) ;;
	s390x) qemu=qemu-system-s390x machine=(-machine s390-ccw-virtio) ;;
	esac
	"$SCRIPTS/deps.sh" "$BED"
	make_initramfs
	foreign_args
	qemu_args
	# shellcheck disable=SC2054 # likewise
	QEMU+=(-device virtserialport,name=procsrv.stdout,chardev=procsrv_stdout)
	launch "$qemu" "${machine[@]}" "${FOREIGN[@]}" "${QEMU[@]}"
}

# --- User Mode Linux ----------------------------------------------------------

# The guest's memory is a file; /dev/shm of a container is often too small for it.
uml_tmpdir() {
	local free

	free=$(df --output=avail -B1 /dev/shm | tail -n1)
	if ((free > $(numfmt --from=iec "$MEMORY"))); then
		echo /dev/shm
	else
		echo "$PRIVATE"
	fi
}

# The kernel and each of its processes are tasks of the machine, of which one runs at a time. On
# one processor they hand over to each other in less than half the time that it takes to wake another
# processor. Guests at the same time take different ones, as long as there are some: the lock is
# held until this script exits.
choose_cpu() {
	for CPU in $(python3 -c 'import os; print(*os.sched_getaffinity(0))' | tr ' ' '\n' | shuf); do
		! try_lock "cpu-$CPU" || return 0
		exec {LOCK_FD}>&-
	done
}

# More than one processor needs seccomp=on.
run_uml() {
	local image uml=() CPU

	image=$("$SCRIPTS/kernel.sh" --image "$BED")
	if [[ $CPUS == 1 ]]; then
		choose_cpu
		uml=(taskset --cpu-list "$CPU")
	fi
	uml+=(env "TMPDIR=$(uml_tmpdir)" "$image" seccomp=on "ncpus=$CPUS" "mem=$MEMORY"
		rootfstype=hostfs ro "init=$SCRIPTS/guest-inside.sh" "PROCSRV_RUN=$RUN"
		"uml_dir=$PRIVATE" umid=guest con=null ssl=null console=ttyS0 loglevel=7 panic=-1)
	# It uses RCU on a processor that is not up yet, which RCU complains about.
	[[ $BED != uml-debug || $CPUS == 1 ]] || uml+=(kmemleak=off)
	if [[ -n $INTERACTIVE ]]; then
		"${uml[@]}" con0=fd:0,fd:1 ssl0=null,fd:2 2> >(tr -d '\r' >"$LOG")
	else
		launch "${uml[@]}" con0=null,fd:1 con1=null,fd:7 ssl0=null,fd:2
	fi
}

# --- the verdict --------------------------------------------------------------

no_verdict() {
	log "$*; kernel messages: $LOG"
	exit $NO_VERDICT
}

# Where the modules are that can be in a stack: those named, and what a command may be told.
module_directories() {
	local path

	for path in "${MODULES[@]}" "${COMMAND[@]}" "$TOP/build/$BED"; do
		[[ $path != *.ko ]] || path=${path%/*}
		[[ ! -e $path/procsrv.ko && ! -e $path/procsrv_kunit.ko ]] || printf '%s\n' "$path"
	done
}

# What counts of the log: in bed kcsan the kernel races with itself.
messages() {
	if [[ $BED == kcsan ]]; then
		awk -f "$SCRIPTS/kcsan.awk" "$LOG"
	else
		cat "$LOG"
	fi
}

# The first complaint, with the lines of the sources in its stacks.
show_splat() {
	local directories splat

	splat=$(grep -nE -m1 -A$SPLAT_LINES -e "$SPLATS" < <(messages)) || return
	mapfile -t directories < <(module_directories)
	if ((${#directories[@]})); then
		"$SCRIPTS/decode.sh" "${directories[@]}" <<<"$splat"
	else
		printf '%s\n' "$splat"
	fi >&2
}

verdict() {
	local status

	if [[ ! -s $RUN/status ]] && ((SECONDS >= TIMEOUT)); then
		show_splat || true
		log "the guest was killed after $TIMEOUT s; kernel messages: $LOG"
		exit $TIMED_OUT
	fi
	! show_splat || no_verdict "the kernel complained, see above"
	status=$(cat "$RUN/status" 2>/dev/null) || true
	if [[ -z $status ]]; then
		tail -n 20 "$LOG" >&2
		no_verdict "the guest ended without a status, see above"
	fi
	exit "$status"
}

main() {
	parse "$@"
	make_directories
	case $BED in
	stock | debian13 | rt | kunit | kcsan) run_virtme ;;
	arm64 | s390x) run_foreign ;;
	uml*) run_uml ;;
	*) die "no bed '$BED' to boot, see --help" ;;
	esac
	[[ -n $INTERACTIVE ]] || verdict
}

main "$@"
