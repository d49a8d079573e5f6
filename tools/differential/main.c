// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv-differential - do the same at random in Linux and in the server,
 * and compare every answer
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "client.h"
#include "generate.h"
#include "help.h"
#include "puppet.h"
#include "run.h"
#include "shrink.h"

/* Operations in one world. */
#define WORLD_OPS	400

/* How many of the operations before a difference are shown. */
#define TELL_OPS	12

enum exit_status {
	EXIT_SAME,
	EXIT_DIFFERENT,
	EXIT_USAGE,
	EXIT_NO_SERVER,
	EXIT_BROKEN,
};

/**
 * struct settings - the command line
 * @seed: of the first world
 * @ops: operations
 * @verbose: print each
 * @hosted: with hosted processes in servers with POSIX ids
 * @no_shrink: leave a script that shows a difference as it is
 */
struct settings {
	__u64 seed;
	unsigned long ops;
	bool verbose;
	bool hosted;
	bool no_shrink;
};

enum {
	KEY_SEED = 1,
	KEY_OPS,
	KEY_HOSTED,
	KEY_NO_SHRINK,
};

const char *argp_program_version = "procsrv-differential " VERSION;

static const struct argp_option options[] = {
	{ "seed", KEY_SEED, "N", 0, "Seed of the first world (a random number)", 0 },
	{ "ops", KEY_OPS, "N", 0, "Number of operations (20000)", 0 },
	{ "hosted", KEY_HOSTED, NULL, 0,
	  "With hosted processes, in servers with POSIX ids", 0 },
	{ "verbose", 'v', NULL, 0, "Print each operation and its answer", 0 },
	{ "no-shrink", KEY_NO_SHRINK, NULL, 0,
	  "Do not search for a shorter script", 0 },
	{}
};

static __u64 parse_number(struct argp_state *state, const char *arg)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(arg, &end, 10);
	if (errno || end == arg || *end || *arg == '-')
		argp_error(state, "%s is not a number", arg);
	return n;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct settings *settings = state->input;

	switch (key) {
	case KEY_SEED:
		settings->seed = parse_number(state, arg);
		return 0;
	case KEY_OPS:
		settings->ops = parse_number(state, arg);
		return 0;
	case KEY_HOSTED:
		settings->hosted = true;
		return 0;
	case 'v':
		settings->verbose = true;
		return 0;
	case KEY_NO_SHRINK:
		settings->no_shrink = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.children = help_child,
	.doc = "Perform random operations on real processes and on processes of a private\n"
	       "server, and compare every answer.\n"
	       "\vExit status: 0 if nothing differs, 1 if something differs, 2 if the command\n"
	       "line is invalid, 3 if there is no process server, 4 if the test itself failed.",
};

/* Do random operations in a new world, and note them. */
static void run_world(struct run *run, struct script *script, __u64 seed,
		      unsigned long ops)
{
	struct random random = { .state = seed };
	struct op op;

	/* Skipped operations are not counted: the script needs a limit, too. */
	while (run->nr_ops < ops && script->nr_ops < 2 * ops) {
		op = generate_op(&random, &run->world);
		script_add(script, &op);
		if (!run_op(run, &op))
			return;
	}
	check_all(run);
}

static void tell_end(const struct script *script)
{
	size_t i = script->nr_ops > TELL_OPS ? script->nr_ops - TELL_OPS : 0;
	char line[256];

	printf("the last operations:\n");
	for (; i < script->nr_ops; i++) {
		op_format(&script->ops[i], line, sizeof(line));
		printf("  %s\n", line);
	}
}

static int tell_verdict(const struct run *run, struct script *script,
			struct stage *stage, const struct settings *settings,
			__u64 seed)
{
	if (run->verdict == VERDICT_SAME)
		return EXIT_SAME;
	tell_end(script);
	printf("%s %s\n", run->verdict == VERDICT_BROKEN ? "the test failed:" :
	       "different:", run->text);
	printf("to repeat it: procsrv-differential%s --seed %llu --ops %lu\n",
	       settings->hosted ? " --hosted" : "", seed, run->nr_ops);
	if (run->verdict == VERDICT_BROKEN)
		return EXIT_BROKEN;
	if (!settings->no_shrink)
		shrink(stage, script);
	return EXIT_DIFFERENT;
}

static int run_all(struct stage *stage, const struct settings *settings,
		   struct stats *stats)
{
	static struct run run;
	struct script script = {};
	__u64 seed = settings->seed;
	unsigned long done, ops;
	int ret, status = EXIT_SAME;

	for (done = 0; done < settings->ops && !status; done += ops, seed++) {
		ops = settings->ops - done;
		if (ops > WORLD_OPS)
			ops = WORLD_OPS;
		ret = run_begin(&run, stage, stats, settings->verbose);
		if (ret) {
			warnx("no world can be made: %s", strerror(-ret));
			return ret == -ENOTTY ? EXIT_NO_SERVER : EXIT_BROKEN;
		}
		if (settings->verbose)
			printf("world with seed %llu\n", seed);
		run_world(&run, &script, seed, ops);
		run_end(&run);
		status = tell_verdict(&run, &script, stage, settings, seed);
		script_free(&script);
	}
	return status;
}

/*
 * The driver and its puppets take turns: on several processors each turn would
 * wake another processor, which costs more than the operations themselves.
 */
static void use_one_processor(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		warn("sched_setaffinity");
}

static double seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec +
	       (now.tv_nsec - since->tv_nsec) / 1e9;
}

int main(int argc, char **argv)
{
	struct settings settings = { .ops = 20000 };
	struct stats stats = {};
	struct stage stage;
	struct timespec since;
	int ret;

	if (argc == 3 && !strcmp(argv[1], PUPPET_OPTION))
		puppet_main(argv[2]);
	if (getrandom(&settings.seed, 4, 0) != 4)
		settings.seed = time(NULL);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &settings);

	stage.device = procsrv_open(NULL);
	if (stage.device < 0) {
		warnx("%s: %s", procsrv_device(), strerror(-stage.device));
		return EXIT_NO_SERVER;
	}
	ret = real_open(&stage.real);
	if (ret)
		errx(EXIT_BROKEN, "no puppets can be made: %s", strerror(-ret));
	use_one_processor();
	setvbuf(stdout, NULL, _IOLBF, 0);
	stage.hosted = settings.hosted;
	printf("seed %llu, %lu operation%s%s\n", settings.seed, settings.ops,
	       client_plural(settings.ops, "s"), settings.hosted ? ", hosted" : "");
	clock_gettime(CLOCK_MONOTONIC, &since);
	ret = run_all(&stage, &settings, &stats);
	stats_print(&stats, seconds_since(&since));
	return ret;
}
