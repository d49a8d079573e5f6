// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking for the shortest script that still shows a difference.
 *
 * Operations are left out, first many at a time, then one. Those that make no
 * sense without them are skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "shrink.h"

/* How many worlds it may use. */
#define SHRINK_WORLDS	600

/* Does the script, without @count operations from @from, show a difference? */
static bool differs(struct stage *stage, struct run *run,
		    const struct script *script, size_t from, size_t count,
		    size_t *used)
{
	struct stats stats = {};
	size_t i;

	*used = 0;
	if (run_begin(run, stage, &stats, false)) {
		run_end(run);
		return false;
	}
	for (i = 0; i < script->nr_ops; i++) {
		if (i >= from && i < from + count)
			continue;
		if (!run_op(run, &script->ops[i])) {
			*used = i + 1;
			break;
		}
	}
	if (run->verdict == VERDICT_SAME) {
		*used = script->nr_ops;
		check_all(run);
	}
	run_end(run);
	return run->verdict == VERDICT_DIFFERENT;
}

static void leave_out(struct script *script, size_t from, size_t count,
		      size_t used)
{
	/* What came after the difference does not matter. */
	script->nr_ops = used;
	if (from + count > script->nr_ops)
		count = script->nr_ops > from ? script->nr_ops - from : 0;
	memmove(script->ops + from, script->ops + from + count,
		(script->nr_ops - from - count) * sizeof(*script->ops));
	script->nr_ops -= count;
}

/* One pass over the script; returns whether anything could be left out. */
static bool pass(struct stage *stage, struct run *run, struct script *script,
		 size_t count, unsigned int *worlds)
{
	size_t from, used;
	bool any = false;

	for (from = 0; from < script->nr_ops && *worlds;) {
		(*worlds)--;
		if (differs(stage, run, script, from, count, &used)) {
			leave_out(script, from, count, used);
			any = true;
		} else {
			from += count;
		}
	}
	return any;
}

static void print_script(struct run *run, const struct script *script)
{
	char line[256];
	size_t i;

	printf("a shorter way there, in %zu operation%s:\n", script->nr_ops,
	       client_plural(script->nr_ops, "s"));
	for (i = 0; i < script->nr_ops; i++) {
		op_format(&script->ops[i], line, sizeof(line));
		printf("  %s\n", line);
	}
	printf("different: %s\n", run->text);
}

void shrink(struct stage *stage, struct script *script)
{
	static struct run run;
	unsigned int worlds = SHRINK_WORLDS;
	size_t count, used;
	bool any;

	if (!differs(stage, &run, script, script->nr_ops, 0, &used)) {
		printf("it does not happen again in a script of the same operations\n");
		return;
	}
	leave_out(script, 0, 0, used);
	for (count = script->nr_ops / 2; count; count /= 2)
		do
			any = pass(stage, &run, script, count, &worlds);
		while (any && count == 1);
	if (differs(stage, &run, script, script->nr_ops, 0, &used))
		print_script(&run, script);
}
