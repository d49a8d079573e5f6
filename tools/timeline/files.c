// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output files that the user has named.
 */
#include <errno.h>
#include <stdlib.h>

#include "timeline.h"

static bool create(FILE **file, const char *path, const char **failed)
{
	if (!path)
		return true;
	*file = fopen(path, "we");
	if (!*file)
		*failed = path;
	return *file;
}

bool timeline_open(struct timeline_files *files, const char *svg,
		   const char *perfetto, const char **failed)
{
	*files = (struct timeline_files) { .svg = svg, .perfetto = perfetto };
	if (create(&files->svg_file, svg, failed) &&
	    create(&files->perfetto_file, perfetto, failed))
		return true;
	if (files->svg_file)
		fclose(files->svg_file);
	return false;
}

/* A write that failed remains an error, even if later ones succeed. */
static bool finish(FILE *file, const char *path, const char **failed)
{
	bool bad = fflush(file) || ferror(file);
	int err = errno;

	if (!fclose(file) && !bad)
		return true;
	if (bad)
		errno = err;
	*failed = path;
	return false;
}

bool timeline_write(struct timeline_files *files, struct timeline *tl,
		    const char **failed)
{
	bool ok = true;

	if (files->svg_file) {
		timeline_write_svg(tl, files->svg_file);
		ok = finish(files->svg_file, files->svg, failed);
	}
	if (files->perfetto_file) {
		timeline_write_perfetto(tl, files->perfetto_file);
		ok &= finish(files->perfetto_file, files->perfetto, failed);
	}
	return ok;
}
