// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command, or the key of a service, that a mistyped word may stand for.
 */
#include <string.h>

#include "procsrvctl.h"

#define MAX_LENGTH 16
#define MAX_EDITS 2

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

const char *suggest_command(const struct command *table, const char *word)
{
	size_t len = strlen(word);
	unsigned int best = len > 3 ? MAX_EDITS + 1 : MAX_EDITS, edits;
	const char *found = NULL;

	if (len < 2 || len > MAX_LENGTH)
		return NULL;
	for (; table->name; table++) {
		if (strlen(table->name) > MAX_LENGTH)
			continue;
		edits = distance(word, table->name);
		if (edits < best) {
			best = edits;
			found = table->name;
		}
	}
	return found;
}
