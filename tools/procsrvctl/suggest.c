// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command, or the key of a service, that a mistyped word may stand for.
 */
#include <string.h>

#include "procsrvctl.h"

#define MAX_LENGTH 16

/* With two edits, a shorter word has too little in common. */
#define LENGTH_FOR_TWO 8

/* What has another form here, and what is too similar to another command. */
static const struct {
	const char *word;
	const char *meant;
} other_forms[] = {
	{ "differential", "'procsrv-differential'" },
	{ "fork", "'create'" },
	{ "pstree", "'tree'" },
	{ "reload", "'supervise --reload'" },
	{ "replay", "'procsrv-replay'" },
	{ "restart", "'supervise --restart'" },
	{ "run", "'procsrv-run'" },
	{ "signal", "'kill'" },
	{ "start", "'create' or 'supervise --start'" },
	{ "status", "'info' or 'supervise --status'" },
	{ "stop", "'kill -STOP' or 'supervise --stop'" },
	{ "version", "'--version'" },
};

const char *suggest_other(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(other_forms); i++) {
		if (!strcmp(other_forms[i].word, word))
			return other_forms[i].meant;
	}
	return NULL;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int min = a < b ? a : b;

	return min < c ? min : c;
}

/*
 * The number of letters to insert, delete, replace or swap with the next one to
 * turn @a into @b, both of at most MAX_LENGTH letters.
 */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int d[MAX_LENGTH + 1][MAX_LENGTH + 1];
	size_t n = strlen(a), m = strlen(b), i, j;

	for (i = 0; i <= n; i++)
		d[i][0] = i;
	for (j = 0; j <= m; j++)
		d[0][j] = j;
	for (i = 1; i <= n; i++) {
		for (j = 1; j <= m; j++) {
			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1,
				       d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[n][m];
}

/* A beginning of the name counts as one edit. */
static unsigned int distance(const char *word, const char *name)
{
	if (!strncmp(word, name, strlen(word)))
		return 1;
	return edit_distance(word, name);
}

void suggest_begin(struct suggestion *s, const char *word)
{
	*s = (struct suggestion) {
		.word = word, .edits = strlen(word) < LENGTH_FOR_TWO ? 2 : 3,
	};
}

void suggest_try(struct suggestion *s, const char *name)
{
	size_t len = strlen(s->word);
	unsigned int edits;

	if (len < 2 || len > MAX_LENGTH || strlen(name) > MAX_LENGTH)
		return;
	edits = distance(s->word, name);
	if (edits < s->edits) {
		s->edits = edits;
		s->name = name;
	}
}
