/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that procsrv is built for, 6.1 and later.
 * The only place that asks for the version.
 */
#ifndef PROCSRV_COMPAT_H
#define PROCSRV_COMPAT_H

#include <linux/export.h>
#include <linux/module.h>
#include <linux/version.h>

/* The namespace of exported symbols became a string in 6.13. */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
#define EXPORT_SYMBOL_PROCSRV(sym) EXPORT_SYMBOL_NS_GPL(sym, "PROCSRV")
#define PROCSRV_IMPORT() MODULE_IMPORT_NS("PROCSRV")
#else
#define EXPORT_SYMBOL_PROCSRV(sym) EXPORT_SYMBOL_NS_GPL(sym, PROCSRV)
#define PROCSRV_IMPORT() MODULE_IMPORT_NS(PROCSRV)
#endif

/* __assign_str() found its source by itself from 6.10 on. */
#if KERNEL_VERSION(6, 10, 0) <= LINUX_VERSION_CODE
#define procsrv_assign_str(dst, ...) __assign_str(dst)
#else
#define procsrv_assign_str(dst, src) __assign_str(dst, src)
#endif

#endif /* PROCSRV_COMPAT_H */
