/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ioctls of a server, from the side of the device
 */
#ifndef PROCSRV_IOCTL_H
#define PROCSRV_IOCTL_H

#include <linux/fs.h>

#include "procsrv.h"

long procsrv_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* PROCSRV_IOCTL_H */
