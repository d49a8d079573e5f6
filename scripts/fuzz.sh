#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: fuzz.sh [OPTION]...
#        fuzz.sh --merge [OPTION]...
#        fuzz.sh --replay FILE... [OPTION]...
#        fuzz.sh --help
#
# Fuzzes the interface in guests: begins with fuzz/corpus, and goes where the module has not
# been. Prints every ten seconds how far it has come, and at the end how many inputs were run,
# how much of the module was reached, and how many inputs led to something new; those are in
# build/fuzz-out/new. Fails if the kernel complains, if what the server says does not add up,
# if a call does not end, or if the module cannot be removed; what led there is kept in
# build/fuzz-out/job-N.
#
#   --time SECONDS  how long (default 300)
#   --bed BED       uml-debug (default; KASAN), or uml-smp (lockdep)
#   --jobs N        so many guests at once (default 1)
#   --cpus N        processors of each (default 2); on one of them workers of io_uring run when
#                   nothing else does, and end later
#   --seed N        what to begin with (default: a random number, which is printed)
#   --merge         instead, make the corpus anew: the smallest set of old and new inputs that
#                   reaches what all of them do
#   --replay        instead, run these inputs, and print what each operation does
#
# See docs/fuzzing.md.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

readonly OUT=$TOP/build/fuzz-out FUZZER=$TOP/build/fuzz/procsrv-fuzz

# For booting, for the inputs there are, and for a machine that is busy.
readonly EXTRA_S=900

# A record has 16 bytes, an input up to 64 of them. An input takes milliseconds.
readonly OPTIONS=(-max_len=1024 -timeout=120 -rss_limit_mb=0 -verbosity=0 -handle_usr1=0
	-handle_usr2=0)

parse() {
	BED=uml-debug SECONDS_EACH=300 JOBS=1 CPUS=2 SEED='' MODE=fuzz FILES=()
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--merge | --replay)
			MODE=${1#--}
			shift
			continue
			;;
		--*) (($# > 1)) || die "$1 needs an argument, or is no option, see --help" ;;
		esac
		case $1 in
		--bed) BED=$2 ;;
		--time) SECONDS_EACH=$2 ;;
		--jobs) JOBS=$2 ;;
		--cpus) CPUS=$2 ;;
		--seed) SEED=$2 ;;
		-*) die "unknown option $1, see --help" ;;
		*)
			FILES+=("$(realpath -e -- "$1")")
			shift
			continue
			;;
		esac
		shift 2
	done
	[[ $BED == uml-smp || $BED == uml-debug ]] || die "--bed wants uml-smp or uml-debug"
	[[ $SECONDS_EACH =~ ^[1-9][0-9]*$ ]] || die "--time wants seconds"
	[[ $JOBS =~ ^[1-9]$ ]] || die "--jobs wants 1 to 9"
	[[ $CPUS =~ ^[1-9]$ ]] || die "--cpus wants 1 to 9"
	[[ $SEED =~ ^[0-9]*$ ]] || die "--seed wants a number"
	if [[ $MODE == replay ]]; then
		((${#FILES[@]})) || die "replay what? see --help"
	else
		((!${#FILES[@]})) || die "files go with --replay, see --help"
	fi
}

build() {
	"$SCRIPTS/deps.sh" build uml fuzz
	make --no-print-directory -s -C "$TOP/fuzz"
	MODULE=$("$SCRIPTS/module.sh" --kcov "$BED")/procsrv.ko
	PARAMETERS=''
	# With this the module checks all of its structures at each close, and now and then.
	! PATH=$PATH:/usr/sbin:/sbin modinfo -p "$MODULE" | grep -q '^check:' ||
		PARAMETERS=check=16
}

# guest JOB TIMEOUT ARG...: the fuzzer, in a guest whose results go to a directory of their own
guest() {
	local out=$OUT/job-$1 timeout=$2 more=()

	shift 2
	mkdir -p "$out/new"
	[[ $MODE != replay ]] || more+=(FUZZ_PRINT=1)
	# User Mode Linux does not tell KASAN that the memory of a module is free again.
	[[ $BED != uml-debug ]] || more+=(FUZZ_KEEP=1)
	GUEST_OUT=$out "$SCRIPTS/guest.sh" --bed "$BED" --cpus "$CPUS" --timeout "$timeout" \
		--log "$out/console.log" -- \
		env "FUZZ_MODULE=$MODULE" "FUZZ_PARAMETERS=$PARAMETERS" "FUZZ_OUT=$out" \
		"${more[@]}" "$FUZZER" "${OPTIONS[@]}" "-artifact_prefix=$out/" "$@"
}

# Inputs by directory, those that are there.
corpora() {
	local dir

	for dir in "$TOP/fuzz/corpus" "$TOP/fuzz/regressions" "$OUT/new"; do
		[[ ! -d $dir ]] || echo "$dir"
	done
}

count_files() {
	find "$@" -type f | wc -l
}

# What one job says, with its number if there are several.
label() {
	if ((JOBS == 1)); then
		cat
	else
		sed -u "s/^/[$1] /"
	fi
}

job() {
	local dirs

	mapfile -t dirs < <(corpora)
	guest "$1" $((SECONDS_EACH + EXTRA_S)) "-max_total_time=$SECONDS_EACH" \
		"-seed=$((SEED + $1))" -print_final_stats=1 "$OUT/job-$1/new" "${dirs[@]}" 2>&1 |
		tee "$OUT/job-$1/log" | grep --line-buffered -avE '^(INFO: |stat::|#|")' | label "$1"
	return "${PIPESTATUS[0]}"
}

# What there is to reach, and what was, in places and by function.
report_coverage() {
	local all=$OUT/places-all reached=$OUT/places-reached

	objdump -dr --no-show-raw-insn -j .text "$MODULE" | "$TOP/fuzz/places" |
		LC_ALL=C sort >"$all"
	# A kernel that dies early leaves none.
	(cat "$OUT"/job-*/places 2>/dev/null || true) | LC_ALL=C sort -u >"$reached"
	LC_ALL=C join -v1 "$all" "$reached" | cut -d' ' -f2 | sort | uniq -c | sort -rn \
		>"$OUT/not-reached"
	printf 'coverage: %d of %d places of the module; what is missing, by function: %s\n' \
		"$(LC_ALL=C join "$all" "$reached" | wc -l)" "$(wc -l <"$all")" \
		"${OUT#"$TOP/"}/not-reached"
}

report_executions() {
	# One that has found something says no more than how far it was before.
	awk -v s="$SECONDS_EACH" '
		/^fuzz: [0-9]+s, / { of[FILENAME] = $3 }
		/stat::number_of_executed_units:/ { of[FILENAME] = $2 }
		END {
			for (job in of)
				n += of[job]
			printf "executions: %d, %d a second\n", n, n / s
		}' "$OUT"/job-*/log
}

report_new() {
	local n

	n=$(count_files "$OUT"/job-*/new)
	mkdir -p "$OUT/new"
	find "$OUT"/job-*/new -type f -exec mv -t "$OUT/new" {} +
	printf 'new inputs: %d, in %s; "scripts/fuzz.sh --merge" puts what is worth it into fuzz/corpus\n' \
		"$n" "${OUT#"$TOP/"}/new"
}

report_findings() {
	local file files=()

	for file in "$OUT"/job-*/{crash,timeout,oom}-*; do
		[[ ! -e $file ]] || files+=("$file")
	done
	# Where the kernel died: what it was given last.
	((${#files[@]})) || files=("$OUT"/job-*/running-*)
	for file in "${files[@]}"; do
		printf 'to repeat: scripts/fuzz.sh --bed %s --replay %s\n' "$BED" "${file#"$TOP/"}"
	done
}

fuzz() {
	local i pids=() status=0

	SEED=${SEED:-$((SRANDOM >> 8))}
	echo "bed $BED, seed $SEED, $(count_files "$TOP/fuzz/corpus") inputs to begin with"
	rm -rf "$OUT"/job-*
	mkdir -p "$OUT"
	for ((i = 1; i <= JOBS; i++)); do
		mkdir -p "$OUT/job-$i"
		job "$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || status=$?
	done
	report_executions
	report_coverage
	report_new
	if ((status)); then
		report_findings
		log "failed: status $status"
	fi
	return "$status"
}

merge() {
	local dirs merged=$OUT/job-merge/new

	rm -rf "$OUT/job-merge"
	mapfile -t dirs < <(corpora)
	guest merge 3600 -set_cover_merge=1 "$merged" "${dirs[@]}"
	(($(count_files "$merged"))) || die "nothing was merged"
	echo "before: $(count_files "$TOP/fuzz/corpus") inputs; after: $(count_files "$merged")"
	rm -rf "$TOP/fuzz/corpus" "$OUT/new"
	mkdir -p "$TOP/fuzz/corpus"
	mv -t "$TOP/fuzz/corpus" "$merged"/*
}

# Two at once would take each other's files for their own.
lock() {
	mkdir -p "$OUT"
	exec {LOCK}>"$OUT/lock"
	flock --nonblock "$LOCK" || die "another run in this tree is under way"
}

main() {
	parse "$@"
	lock
	build
	case $MODE in
	fuzz) fuzz ;;
	merge) merge ;;
	replay) guest replay $((${#FILES[@]} + EXTRA_S)) "${FILES[@]}" ;;
	esac
}

main "$@"
