/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to do next.
 */
#ifndef DIFFERENTIAL_GENERATE_H
#define DIFFERENTIAL_GENERATE_H

#include "script.h"
#include "world.h"

/**
 * generate_op() - choose an operation
 * @r: where chance comes from
 * @w: the world it is for: what is interesting depends on who is there
 *
 * Everything that is chosen can be done, mostly in more than one way: with
 * dead targets, groups that do not exist, and what else there is an errno for.
 */
struct op generate_op(struct random *r, const struct world *w);

#endif /* DIFFERENTIAL_GENERATE_H */
