// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seccomp filter: which system calls stop as they begin.
 *
 * A stop carries the index of the call in the table. The two architectures have a
 * filter each, which are merged. Filters of the programs may stop calls as well.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "report.h"
#include "run.h"

/* The data of a stop is this plus the index; other filters hardly use such values. */
#define FIRST_STOP	0x7000

static scmp_filter_ctx filter;

/* For each call that stops, its number, or -1. */
static int (*numbers)[NR_ARCHS];

static bool kind_applies(const struct call_kind *kind, enum call_arch arch)
{
	if (kind->flags & (settings.compare ? CALL_ANSWERED : CALL_COMPARED))
		return false;
	return !(kind->flags & (arch == ARCH_I386 ? CALL_X86_64 : CALL_I386));
}

static struct scmp_arg_cmp comparison(const struct call_kind *kind)
{
	const __u64 low = 0xffffffff;

	switch (kind->test) {
	case TEST_DIFFERS:
		return SCMP_CMP64(kind->arg, SCMP_CMP_NE, kind->value);
	case TEST_BITS:
		return SCMP_CMP64(kind->arg, SCMP_CMP_MASKED_EQ, kind->value,
				  kind->value);
	default:
		return SCMP_CMP64(kind->arg, SCMP_CMP_MASKED_EQ, low,
				  kind->value);
	}
}

static int add_rule(scmp_filter_ctx ctx, enum call_arch arch, size_t i)
{
	const struct call_kind *kind = &call_kinds[i];
	int nr = seccomp_syscall_resolve_name(kind->name);
	struct scmp_arg_cmp cmp = comparison(kind);

	numbers[i][arch] = kind_applies(kind, arch) ? call_number(arch, kind->name) : -1;
	if (numbers[i][arch] < 0)
		return 0;
	return seccomp_rule_add_array(ctx, SCMP_ACT_TRACE(FIRST_STOP + i), nr,
				      kind->test != TEST_NONE, &cmp);
}

const struct call_kind *filter_find(unsigned int stop, enum call_arch arch, int nr)
{
	unsigned int i = stop - FIRST_STOP;

	return i < nr_call_kinds && nr >= 0 && numbers[i][arch] == nr ? &call_kinds[i] : NULL;
}

static scmp_filter_ctx build_for(enum call_arch arch, uint32_t token)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	size_t i;
	int err;

	if (!ctx)
		report_fatal("the system call filter", ENOMEM);
	if (token != seccomp_arch_native()) {
		seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
		seccomp_arch_add(ctx, token);
	}
	/* x32 is refused, as hardly any program uses it today. */
	seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	for (i = 0; i < nr_call_kinds; i++) {
		err = add_rule(ctx, arch, i);
		if (err)
			report_fatal(call_kinds[i].name, -err);
	}
	return ctx;
}

void filter_build(void)
{
	scmp_filter_ctx i386;
	int err;

	numbers = calloc(nr_call_kinds, sizeof(*numbers));
	if (!numbers)
		report_fatal("the system call filter", ENOMEM);
	i386 = build_for(ARCH_I386, SCMP_ARCH_X86);
	filter = build_for(ARCH_X86_64, SCMP_ARCH_X86_64);
	err = seccomp_merge(filter, i386);
	if (err)
		report_fatal("the system call filter", -err);
}

/*
 * no_new_privs would disable setuid, so it is the second try: only a process without
 * CAP_SYS_ADMIN needs it.
 */
int filter_load(void)
{
	int err = seccomp_load(filter);

	if (err == -EACCES || err == -EPERM) {
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1);
		err = seccomp_load(filter);
	}
	return err;
}
