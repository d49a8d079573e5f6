// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of services
 *
 * Sections "[service NAME]" with lines "KEY = VALUE" in them. Errors are reported
 * with the number of their line. A byte order mark, which some editors write, may
 * stand before the first line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervise.h"

#define BLANKS " \t\r\n"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

#define SECONDS		1000000ULL
#define MILLISECONDS	1000ULL

static const char name_characters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@";

bool bad(struct file *file, const char *fmt, ...)
{
	char why[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	free(file->error);
	if (asprintf(&file->error, "%s:%u: %s", file->path, file->line, why) < 0)
		need(NULL);
	return false;
}

char *strip(char *s)
{
	char *end;

	s += strspn(s, BLANKS);
	end = s + strlen(s);
	while (end > s && strchr(BLANKS, end[-1]))
		end--;
	*end = '\0';
	return s;
}

struct service *new_service(const char *name, unsigned int line)
{
	struct service *service = need(malloc(sizeof(*service)));

	*service = (struct service) {
		.name = need(strdup(name)),
		.config = {
			.line = line,
			.restart = RESTART_ON_FAILURE,
			.start_timeout = 90 * SECONDS,
			.stop_signal = 15,
			.stop_timeout = 10 * SECONDS,
			.backoff_min = 100 * MILLISECONDS,
			.backoff_max = 30 * SECONDS,
			.stable = 10 * SECONDS,
			.max_memory = PROCSRV_UNLIMITED,
			.max_cpu_time = PROCSRV_UNLIMITED,
			.error.inherited = true,
		},
		.handle.fd = -1,
		.real = {
			.channel.fd = -1,
			.log.fd = -1,
			.notify.fd = -1,
			.main = { .pidfd = -1, .service = service },
		},
		.wanted = true,
	};
	return service;
}

static bool begin_section(struct services *services, struct file *file,
			  char *line)
{
	char *end = line + strlen(line) - 1;
	struct service *other;
	char *name;

	if (*end != ']')
		return bad(file, "there is no ]");
	*end = '\0';
	line = strip(line + 1);
	name = line + strcspn(line, BLANKS);
	if (*name)
		*name++ = '\0';
	name += strspn(name, BLANKS);
	if (strcmp(line, "service"))
		return bad(file, "there is no section '%s', only [service NAME]",
			   line);
	if (!*name || name[strspn(name, name_characters)])
		return bad(file, "'%s' is not a name: letters, digits, '.', '_', '-' and '@'",
			   name);
	if (strlen(name) > PROCSRV_NAME_MAX)
		return bad(file, "the name is longer than %d bytes",
			   PROCSRV_NAME_MAX);
	other = find_service(services, name);
	if (other)
		return bad(file, "service '%s' is there already, on line %u",
			   name, other->config.line);

	file->given = 0;
	file->service = new_service(name, file->line);
	add_service(services, file->service);
	return true;
}

static bool parse_line(struct services *services, struct file *file, char *line)
{
	if (file->line == 1 &&
	    !strncmp(line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		line += strlen(BYTE_ORDER_MARK);
	line = strip(line);
	if (!*line || *line == '#' || *line == ';')
		return true;
	if (*line == '[')
		return end_section(file) && begin_section(services, file, line);
	return parse_pair(file, line);
}

static bool parse_stream(struct services *services, struct file *file,
			 FILE *stream)
{
	char *text = NULL;
	bool good = true;
	size_t room = 0;
	ssize_t n;

	while (good && (n = getline(&text, &room, stream)) >= 0) {
		file->line++;
		if (strlen(text) != (size_t)n)
			good = bad(file, "it contains a NUL");
		else
			good = parse_line(services, file, text);
	}
	free(text);
	return good;
}

/* An error of the file as a whole. */
__attribute__((format(printf, 1, 2)))
static char *complaint(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		need(NULL);
	va_end(ap);
	return text;
}

char *read_services(struct services *services, const char *path)
{
	struct file file = { .path = path, .uid = geteuid(), .gid = getegid() };
	FILE *stream = fopen(path, "re");

	if (!stream)
		return complaint("cannot open %s: %s", path, strerror(errno));
	if (parse_stream(services, &file, stream)) {
		if (ferror(stream))
			file.error = complaint("cannot read %s: %s", path,
					       strerror(errno));
		else if (end_section(&file) && !services->nr)
			file.error = complaint("%s: there is no service in it",
					       path);
	}
	fclose(stream);
	return file.error ?: sort_services(services, path);
}

void free_services(struct services *services)
{
	size_t i;

	for (i = 0; i < services->nr; i++) {
		free_config(&services->list[i]->config);
		free(services->list[i]->later);
		free(services->list[i]->name);
		free(services->list[i]);
	}
	free(services->list);
	forget_names(services);
}
