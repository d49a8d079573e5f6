// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of services
 *
 * Sections "[service NAME]" with lines "KEY = VALUE" in them. What makes no
 * sense is said with the line that it stands on, and ends the program. A byte
 * order mark, which some editors write, may stand before the first line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "supervise.h"

#define BLANKS " \t\r\n"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

#define SECONDS		1000000ULL
#define MILLISECONDS	1000ULL

static const char name_characters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@";

/**
 * struct file - a file that is being read
 * @path: its name
 * @line: number of the line, from 1
 * @service: whose section it is in, or NULL before the first
 * @given: the keys of this section so far, a bit each
 */
struct file {
	const char *path;
	unsigned int line;
	struct service *service;
	__u32 given;
};

__attribute__((format(printf, 2, 3), noreturn))
static void bad(const struct file *file, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	fatal(CLIENT_USAGE, "%s:%u: %s", file->path, file->line, why);
}

/* Takes the blanks at both ends away, in place. */
static char *strip(char *s)
{
	char *end;

	s += strspn(s, BLANKS);
	end = s + strlen(s);
	while (end > s && strchr(BLANKS, end[-1]))
		end--;
	*end = '\0';
	return s;
}

/**
 * struct key - a key of a section
 * @name: as the file has it
 * @parse: takes its value
 * @offset: of the field of &struct service that it fills, if that is all
 * @repeats: may stand in a section more than once
 */
struct key {
	const char *name;
	void (*parse)(const struct file *file, const struct key *key,
		      char *value);
	size_t offset;
	bool repeats;
};

static void *field(const struct file *file, const struct key *key)
{
	return (char *)file->service + key->offset;
}

/*
 * Cuts the first word off, in place: blanks end it, except within quotes, which
 * are taken away. NULL when there is none.
 */
static char *next_word(const struct file *file, char **rest)
{
	char *in = *rest + strspn(*rest, BLANKS);
	char *word = in, *out = in;
	char quote = '\0';

	if (!*in)
		return NULL;
	for (; *in && (quote || !strchr(BLANKS, *in)); in++) {
		if (quote ? *in == quote : *in == '\'' || *in == '"')
			quote = quote ? '\0' : *in;
		else
			*out++ = *in;
	}
	if (quote)
		bad(file, "there is no second %c", quote);
	*rest = *in ? in + 1 : in;
	*out = '\0';
	return word;
}

static void parse_strings(const struct file *file, const struct key *key,
			  char *value)
{
	struct strings *list = field(file, key);
	char *word;

	while ((word = next_word(file, &value)))
		strings_add(list, word);
	if (list->len > PROCSRV_STRINGS_MAX)
		bad(file, "%s: more than %d bytes", key->name,
		    PROCSRV_STRINGS_MAX);
}

static void parse_environment(const struct file *file, const struct key *key,
			      char *value)
{
	struct strings *list = field(file, key);
	size_t i = list->len;

	parse_strings(file, key, value);
	for (; i < list->len; i += strlen(list->data + i) + 1)
		if (list->data[i] == '=' || !strchr(list->data + i, '='))
			bad(file, "%s: '%s' is not NAME=VALUE", key->name,
			    list->data + i);
}

static void parse_links(const struct file *file, const struct key *key,
			char *value)
{
	struct service *service = file->service;
	char *word;

	while ((word = next_word(file, &value))) {
		service->links = grow(service->links, service->nr_links,
				      sizeof(*service->links));
		service->links[service->nr_links++] = (struct link) {
			.name = need(strdup(word)),
			.line = file->line,
			.required = !strcmp(key->name, "requires"),
		};
	}
}

static void parse_restart(const struct file *file, const struct key *key,
			  char *value)
{
	enum restart *restart = field(file, key);

	if (!strcmp(value, "never"))
		*restart = RESTART_NEVER;
	else if (!strcmp(value, "on-failure"))
		*restart = RESTART_ON_FAILURE;
	else if (!strcmp(value, "always"))
		*restart = RESTART_ALWAYS;
	else
		bad(file, "%s: '%s' is none of never, on-failure and always",
		    key->name, value);
}

static void parse_ready(const struct file *file, const struct key *key,
			char *value)
{
	bool *asleep = field(file, key);

	*asleep = !strcmp(value, "sleeping");
	if (!*asleep && strcmp(value, "created"))
		bad(file, "%s: '%s' is neither created nor sleeping",
		    key->name, value);
}

static void parse_signal(const struct file *file, const struct key *key,
			 char *value)
{
	int *signo = field(file, key);

	if (procsrv_parse_signal(value, signo) || !*signo)
		bad(file, "%s: '%s' is not a signal", key->name, value);
}

static void parse_time(const struct file *file, const struct key *key,
		       char *value)
{
	if (!client_parse_time(value, 1000, field(file, key)))
		bad(file, "%s: '%s' is not a time (5s, 100ms, 20us, unlimited)",
		    key->name, value);
}

static void parse_directory(const struct file *file, const struct key *key,
			    char *value)
{
	char **directory = field(file, key);

	if (*value != '/')
		bad(file, "%s: '%s' is not an absolute path", key->name, value);
	if (strlen(value) >= PROCSRV_PATH_MAX)
		bad(file, "%s: longer than %d bytes", key->name,
		    PROCSRV_PATH_MAX - 1);
	*directory = need(strdup(value));
}

#define FIELD(name) offsetof(struct service, name)

static const struct key keys[] = {
	{ "command", parse_strings, FIELD(argv), false },
	{ "environment", parse_environment, FIELD(envp), true },
	{ "directory", parse_directory, FIELD(directory), false },
	{ "after", parse_links, 0, true },
	{ "requires", parse_links, 0, true },
	{ "ready", parse_ready, FIELD(ready_asleep), false },
	{ "restart", parse_restart, FIELD(restart), false },
	{ "backoff-min", parse_time, FIELD(backoff_min), false },
	{ "backoff-max", parse_time, FIELD(backoff_max), false },
	{ "stable", parse_time, FIELD(stable), false },
	{ "stop-signal", parse_signal, FIELD(stop_signal), false },
	{ "stop-timeout", parse_time, FIELD(stop_timeout), false },
};

__attribute__((noreturn))
static void unknown_key(const struct file *file, const char *name)
{
	char known[256];
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		n += snprintf(known + n, sizeof(known) - n, "%s%s",
			      i ? ", " : "", keys[i].name);
	bad(file, "there is no key '%s' (there are %s)", name, known);
}

static void parse_pair(struct file *file, char *line)
{
	char *equals = strchr(line, '=');
	char *name, *value;
	size_t i;

	if (!equals)
		bad(file, "neither [service NAME] nor KEY = VALUE: '%s'", line);
	*equals = '\0';
	name = strip(line);
	value = strip(equals + 1);

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(name, keys[i].name))
			break;
	if (i == ARRAY_SIZE(keys))
		unknown_key(file, name);
	if (!file->service)
		bad(file, "'%s' stands before the first [service NAME]", name);
	if (!*value)
		bad(file, "'%s' has no value", name);
	if (file->given & 1U << i && !keys[i].repeats)
		bad(file, "'%s' is there a second time", name);
	file->given |= 1U << i;
	keys[i].parse(file, &keys[i], value);
}

/* What the keys together make no sense of, at the end of a section. */
static void end_section(const struct file *file)
{
	const struct service *service = file->service;
	struct file at = { .path = file->path };

	if (!service)
		return;
	at.line = service->line;
	if (!service->argv.len)
		bad(&at, "service '%s' has no command", service->name);
	if (service->backoff_min > service->backoff_max)
		bad(&at, "service '%s': backoff-min is more than backoff-max",
		    service->name);
}

static void begin_section(struct supervisor *sup, struct file *file, char *line)
{
	char *end = line + strlen(line) - 1;
	struct service *other;
	char *name;

	if (*end != ']')
		bad(file, "there is no ]");
	*end = '\0';
	line = strip(line + 1);
	name = line + strcspn(line, BLANKS);
	if (*name)
		*name++ = '\0';
	name += strspn(name, BLANKS);
	if (strcmp(line, "service"))
		bad(file, "there is no section '%s', only [service NAME]",
		    line);
	if (!*name || name[strspn(name, name_characters)])
		bad(file, "'%s' is not a name: letters, digits, '.', '_', '-' and '@'",
		    name);
	if (strlen(name) > PROCSRV_NAME_MAX)
		bad(file, "the name is longer than %d bytes", PROCSRV_NAME_MAX);
	other = find_service(sup, name);
	if (other)
		bad(file, "service '%s' is there already, on line %u", name,
		    other->line);

	file->given = 0;
	file->service = need(malloc(sizeof(*file->service)));
	*file->service = (struct service) {
		.name = need(strdup(name)),
		.line = file->line,
		.restart = RESTART_ON_FAILURE,
		.stop_signal = 15,
		.stop_timeout = 10 * SECONDS,
		.backoff_min = 100 * MILLISECONDS,
		.backoff_max = 30 * SECONDS,
		.stable = 10 * SECONDS,
		.handle.fd = -1,
		.wanted = true,
	};
	add_service(sup, file->service);
}

void read_services(struct supervisor *sup, const char *path)
{
	struct file file = { .path = path };
	FILE *stream = fopen(path, "re");
	char *text = NULL, *line;
	size_t room = 0;
	ssize_t n;

	if (!stream)
		fatal(CLIENT_USAGE, "cannot open %s: %s", path,
		      strerror(errno));
	while ((n = getline(&text, &room, stream)) >= 0) {
		file.line++;
		if (strlen(text) != (size_t)n)
			bad(&file, "there is a NUL in it");
		line = text;
		if (file.line == 1 && !strncmp(line, BYTE_ORDER_MARK,
					       strlen(BYTE_ORDER_MARK)))
			line += strlen(BYTE_ORDER_MARK);
		line = strip(line);
		if (!*line || *line == '#' || *line == ';')
			continue;
		if (*line == '[') {
			end_section(&file);
			begin_section(sup, &file, line);
		} else {
			parse_pair(&file, line);
		}
	}
	if (ferror(stream))
		fatal(CLIENT_USAGE, "cannot read %s: %s", path,
		      strerror(errno));
	end_section(&file);
	if (!sup->nr_services)
		fatal(CLIENT_USAGE, "%s: there is no service in it", path);
	free(text);
	fclose(stream);
}
