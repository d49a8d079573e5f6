/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking for the shortest script that still shows a difference.
 */
#ifndef DIFFERENTIAL_SHRINK_H
#define DIFFERENTIAL_SHRINK_H

#include "run.h"

/**
 * shrink() - leave out what does not matter, and print what is left
 * @script: shows a difference; is changed
 */
void shrink(struct stage *stage, struct script *script);

#endif /* DIFFERENTIAL_SHRINK_H */
