/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * -h, which argp does not have.
 */
#ifndef PROCSRV_HELP_H
#define PROCSRV_HELP_H

#include <argp.h>

/* -h does what --help does. */
extern const struct argp help_argp;
extern const struct argp_child help_child[];

#endif /* PROCSRV_HELP_H */
