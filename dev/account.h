/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accounts: what each caller holds of what costs others something
 */
#ifndef PROCSRV_ACCOUNT_H
#define PROCSRV_ACCOUNT_H

#include <linux/types.h>

/**
 * enum procsrv_asset - what a user id may have so many of, in all servers
 * @PROCSRV_ASSET_READER: descriptors that have subscribed to events
 * @PROCSRV_ASSET_HANDLE: descriptors of processes
 * @PROCSRV_ASSET_SERVER: private servers
 * @PROCSRV_ASSET_REQUEST: waits and takes of io_uring, until they have completed
 * @PROCSRV_NR_ASSETS: how many kinds there are
 */
enum procsrv_asset {
	PROCSRV_ASSET_READER,
	PROCSRV_ASSET_HANDLE,
	PROCSRV_ASSET_SERVER,
	PROCSRV_ASSET_REQUEST,
	PROCSRV_NR_ASSETS,
};

struct procsrv_account;

/* How many: constant once the module is loaded. */
extern u32 procsrv_asset_bounds[PROCSRV_NR_ASSETS];

struct procsrv_account *procsrv_charge(enum procsrv_asset asset);
void procsrv_uncharge(struct procsrv_account *account,
		      enum procsrv_asset asset);

#endif /* PROCSRV_ACCOUNT_H */
