// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accounts: what each caller holds of what costs others something
 *
 * A subscription costs every change, a handle keeps a process in memory, and a
 * private server is a world of its own. Each user id may have so many of them,
 * in all servers together. An account lives as long as it has anything, for all
 * callers of the user id; each thing that it has is charged to its own caller.
 */
#include <linux/cred.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "procsrv.h"
#include "procsrv_account.h"

/**
 * struct procsrv_account - what a user id holds
 * @node: in accounts, by @uid
 * @uid: the user id; constant
 * @held: how much of each; it is freed with the last
 */
struct procsrv_account {
	struct rb_node node;
	kuid_t uid;
	u32 held[PROCSRV_NR_ASSETS];
};

u32 procsrv_asset_bounds[PROCSRV_NR_ASSETS] = {
	[PROCSRV_ASSET_READER] = 128,
	[PROCSRV_ASSET_HANDLE] = 65536,
	[PROCSRV_ASSET_SERVER] = 1024,
};

/* Protects all that follows. Nothing nests in it. */
static DEFINE_SPINLOCK(accounts_lock);
static struct rb_root accounts = RB_ROOT;

static int account_cmp(const void *key, const struct rb_node *node)
{
	kuid_t uid = *(const kuid_t *)key;
	kuid_t other = rb_entry(node, struct procsrv_account, node)->uid;

	if (uid_eq(uid, other))
		return 0;
	return uid_lt(uid, other) ? -1 : 1;
}

static int account_node_cmp(struct rb_node *a, const struct rb_node *b)
{
	return account_cmp(&rb_entry(a, struct procsrv_account, node)->uid, b);
}

/* That of the user id of @spare, which becomes it if there is none. */
static struct procsrv_account *find_account(struct procsrv_account *spare)
{
	struct rb_node *n;

	lockdep_assert_held(&accounts_lock);
	n = rb_find_add(&spare->node, &accounts, account_node_cmp);
	return n ? rb_entry(n, struct procsrv_account, node) : spare;
}

static bool holds_nothing(const struct procsrv_account *account)
{
	int i;

	for (i = 0; i < PROCSRV_NR_ASSETS; i++)
		if (account->held[i])
			return false;
	return true;
}

/**
 * procsrv_charge() - let the caller have one more of something
 * @asset: of what
 *
 * It is the caller's effective user id that has it, whoever uses it later.
 *
 * Context: may sleep.
 * Return: the account, for procsrv_uncharge(); or an error as a pointer:
 * -ENOMEM; -EMFILE if it has as many as it may have, as of inotify_init(2).
 */
struct procsrv_account *procsrv_charge(enum procsrv_asset asset)
{
	struct procsrv_account *spare, *account;
	bool may;

	spare = kzalloc(sizeof(*spare), PROCSRV_GFP_SHARED);
	if (!spare)
		return ERR_PTR(-ENOMEM);
	spare->uid = current_euid();

	spin_lock(&accounts_lock);
	account = find_account(spare);
	may = account->held[asset] < procsrv_asset_bounds[asset];
	if (may)
		account->held[asset]++;
	else if (account == spare)
		rb_erase(&spare->node, &accounts);
	spin_unlock(&accounts_lock);

	if (!may || account != spare)
		kfree(spare);
	return may ? account : ERR_PTR(-EMFILE);
}

/**
 * procsrv_uncharge() - undo procsrv_charge()
 * @account: what it returned
 * @asset: as there
 */
void procsrv_uncharge(struct procsrv_account *account, enum procsrv_asset asset)
{
	bool is_last;

	spin_lock(&accounts_lock);
	account->held[asset]--;
	is_last = holds_nothing(account);
	if (is_last)
		rb_erase(&account->node, &accounts);
	spin_unlock(&accounts_lock);

	if (is_last)
		kfree(account);
}
