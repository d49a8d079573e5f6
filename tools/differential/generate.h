/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choosing the next operation.
 */
#ifndef DIFFERENTIAL_GENERATE_H
#define DIFFERENTIAL_GENERATE_H

#include "script.h"
#include "world.h"

/**
 * generate_op() - choose an operation
 * @r: the source of random numbers
 * @w: the world it is for: what is interesting depends on its processes
 *
 * Every operation that is chosen can be attempted. Targets may be dead and
 * groups may not exist, so that most errors occur too.
 */
struct op generate_op(struct random *r, const struct world *w);

#endif /* DIFFERENTIAL_GENERATE_H */
