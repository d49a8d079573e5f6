// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line between the readings of a recording.
 */
#include <string.h>

#include "record.h"
#include "value.h"

off_t record_append(struct spool *spool, struct record *record,
		    const char *text)
{
	off_t at = spool_size(spool);

	if (!text)
		text = "";
	record->size = strlen(text) + 1;
	spool_append(spool, record, sizeof(*record));
	spool_append(spool, text, record->size);
	return at;
}

off_t record_read(struct spool *spool, off_t at, struct record *record,
		  char **text)
{
	spool_read(spool, at, record, sizeof(*record));
	at += sizeof(*record);
	*text = value_xcalloc(1, record->size);
	spool_read(spool, at, *text, record->size);
	return at + record->size;
}
