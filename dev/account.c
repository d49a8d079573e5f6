// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accounts: what each caller holds of what costs others something
 *
 * A subscription costs every change, a handle keeps an exit record, a private
 * server is a world of its own, and a request of io_uring that is over remains
 * until its task lets it complete. Each user id may have so many of them,
 * in all servers together. An account lives as long as it has anything, for all
 * callers of the user id; each thing that it has is charged to its own caller.
 */
#include <linux/cred.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "procsrv.h"
#include "account.h"

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
	/* Set by the module: the bound of sleepers. */
	[PROCSRV_ASSET_REQUEST] = U32_MAX,
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

static struct procsrv_account *find_account(kuid_t uid)
{
	struct rb_node *n;

	lockdep_assert_held(&accounts_lock);
	n = rb_find(&uid, &accounts, account_cmp);
	return n ? rb_entry(n, struct procsrv_account, node) : NULL;
}

/* Another caller of the user id may have been first. */
static struct procsrv_account *add_account(struct procsrv_account *spare)
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

static bool may_have_one_more(const struct procsrv_account *account,
			      enum procsrv_asset asset)
{
	return account->held[asset] < procsrv_asset_bounds[asset];
}

/* As of inotify_init(2); and as of a wait that has no room to sleep. */
static int too_many(enum procsrv_asset asset)
{
	return asset == PROCSRV_ASSET_REQUEST ? -EAGAIN : -EMFILE;
}

/* NULL if the user id has no account. */
static struct procsrv_account *charge_existing(enum procsrv_asset asset)
{
	struct procsrv_account *account;

	spin_lock(&accounts_lock);
	account = find_account(current_euid());
	if (account && may_have_one_more(account, asset))
		account->held[asset]++;
	else if (account)
		account = ERR_PTR(too_many(asset));
	spin_unlock(&accounts_lock);
	return account;
}

static struct procsrv_account *charge_new(enum procsrv_asset asset)
{
	struct procsrv_account *spare, *account;
	bool may;

	spare = kzalloc(sizeof(*spare), PROCSRV_GFP_SHARED);
	if (!spare)
		return ERR_PTR(-ENOMEM);
	spare->uid = current_euid();

	spin_lock(&accounts_lock);
	account = add_account(spare);
	may = may_have_one_more(account, asset);
	if (may)
		account->held[asset]++;
	else if (account == spare)
		rb_erase(&spare->node, &accounts);
	spin_unlock(&accounts_lock);

	if (!may || account != spare)
		kfree(spare);
	return may ? account : ERR_PTR(too_many(asset));
}

/**
 * procsrv_charge() - let the caller have one more of something
 * @asset: of what
 *
 * It is charged to the effective user id of the caller, and not to that of a
 * program that uses it later.
 *
 * Context: may sleep.
 * Return: the account, for procsrv_uncharge(); or an error as a pointer:
 * -ENOMEM; -EMFILE if it has as many as it may have, or, of requests, -EAGAIN.
 */
struct procsrv_account *procsrv_charge(enum procsrv_asset asset)
{
	return charge_existing(asset) ?: charge_new(asset);
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
