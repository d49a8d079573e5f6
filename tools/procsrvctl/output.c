// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text for terminals, and JSON.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "procsrvctl.h"

void print_column(FILE *file, const char *s, size_t width)
{
	size_t columns = escape_text(file, s, strlen(s), ESCAPE_BLANKS);

	fprintf(file, "%*s", columns < width ? (int)(width - columns) : 0, "");
}

void print_strings(FILE *file, const char *data, size_t len)
{
	size_t n;

	/* Programs that write over their command line leave NULs at its end. */
	while (len && !data[len - 1])
		len--;
	while (len) {
		n = strnlen(data, len);
		escape_text(file, data, n, 0);
		if (n == len)
			break;
		fputc(' ', file);
		data += n + 1;
		len -= n + 1;
	}
}

void print_quoted(FILE *file, const char *s)
{
	static const char plain[] = "%+,-./:=@_^";
	const char *p;

	for (p = s; isalnum((unsigned char)*p) || (*p && strchr(plain, *p));)
		p++;
	if (*s && !*p) {
		fputs(s, file);
	} else if (!escape_is_plain(s, strlen(s))) {
		fputs("$'", file);
		escape_text(file, s, strlen(s), ESCAPE_QUOTE);
		fputc('\'', file);
	} else {
		fputc('\'', file);
		for (; *(p = strchrnul(s, '\'')); s = p + 1)
			fprintf(file, "%.*s'\\''", (int)(p - s), s);
		fprintf(file, "%s'", s);
	}
}

void format_size(__u64 bytes, char *buf, size_t size)
{
	static const char units[] = "\0KMGT";
	int i = 0;

	if (bytes == PROCSRV_UNLIMITED) {
		snprintf(buf, size, "unlimited");
		return;
	}
	while (bytes && bytes % 1024 == 0 && units[i + 1]) {
		bytes /= 1024;
		i++;
	}
	snprintf(buf, size, "%llu%.1s", bytes, &units[i]);
}

void format_time(__u64 us, char *buf, size_t size)
{
	if (us == PROCSRV_UNLIMITED)
		snprintf(buf, size, "unlimited");
	else if (us % 1000000 == 0)
		snprintf(buf, size, "%llus", us / 1000000);
	else if (us % 1000 == 0)
		snprintf(buf, size, "%llums", us / 1000);
	else
		snprintf(buf, size, "%lluus", us);
}

void print_signal(FILE *file, int signo)
{
	const char *name = procsrv_signal_name(signo);

	if (name)
		fputs(name, file);
	else
		fprintf(file, "%d", signo);
}

void format_killer(__u32 exit_signal, char *buf, size_t size)
{
	const char *core = client_dumped_core(exit_signal) ?
		", core dumped" : "";
	int signo = client_exit_signal(exit_signal);
	const char *name = procsrv_signal_name(signo);

	if (name)
		snprintf(buf, size, "%s%s", name, core);
	else
		snprintf(buf, size, "signal %d%s", signo, core);
}

void print_killer(__u32 exit_signal)
{
	char killer[KILLER_LEN];

	format_killer(exit_signal, killer, sizeof(killer));
	fputs(killer, stdout);
}

void print_mask(FILE *file, __u32 mask, const char *(*name)(__u32 bit))
{
	const char *space = "";
	__u32 bit;

	for (bit = 1; bit; bit <<= 1) {
		if (!(mask & bit))
			continue;
		fputs(space, file);
		if (name(bit))
			fputs(name(bit), file);
		else
			fprintf(file, "%#x", bit);
		space = " ";
	}
}

/* Bytes of a color code of color.c at the beginning of @s. */
static size_t color_length(const char *s)
{
	return *s == '\033' ? strcspn(s, "m") + 1 : 0;
}

void cut_line(char *line, size_t columns)
{
	mbstate_t state = {};
	bool color = false;
	size_t n;
	wchar_t wc;
	int width;

	while (*line) {
		n = color_length(line);
		if (n) {
			color = strncmp(line, COLOR_RESET, n);
			line += n;
			continue;
		}
		n = mbrtowc(&wc, line, strlen(line), &state);
		if (n == 0 || n > MB_LEN_MAX)
			return;
		width = wcwidth(wc);
		if (width > 0 && (size_t)width > columns) {
			/* A color that has begun is reset later in the line, so there is room. */
			strcpy(line, color ? COLOR_RESET : "");
			return;
		}
		columns -= width > 0 ? width : 0;
		line += n;
	}
}

struct json_object *json_text(const char *s, size_t len)
{
	return need(json_object_new_string_len(s, len));
}

struct json_object *json_strings(const char *data, size_t len)
{
	struct json_object *array = need(json_object_new_array());
	size_t n;

	while (len) {
		n = strnlen(data, len);
		json_object_array_add(array, json_text(data, n));
		n += n < len;
		data += n;
		len -= n;
	}
	return array;
}

struct json_object *json_name(const char *name)
{
	return name ? need(json_object_new_string(name)) : NULL;
}

void json_add_u64(struct json_object *obj, const char *key, __u64 value)
{
	json_object_object_add(obj, key, need(json_object_new_uint64(value)));
}

void json_add_s32(struct json_object *obj, const char *key, __s32 value)
{
	json_object_object_add(obj, key, need(json_object_new_int(value)));
}

void json_add_flag(struct json_object *obj, const char *key, bool value)
{
	json_object_object_add(obj, key, need(json_object_new_boolean(value)));
}

static struct json_object *json_signals(__u64 mask)
{
	struct json_object *array = need(json_object_new_array());
	int i;

	for (i = 0; i < 64; i++)
		if (mask & 1ULL << i)
			json_object_array_add(array,
					      json_object_new_int(i + 1));
	return array;
}

void json_add_mask(struct json_object *obj, const char *key, __u32 mask,
		   const char *(*name)(__u32 bit))
{
	struct json_object *array = need(json_object_new_array());
	__u32 bit;

	for (bit = 1; bit; bit <<= 1)
		if (mask & bit)
			json_object_array_add(array, json_name(name(bit)));
	json_object_object_add(obj, key, array);
}

static void add_identity(struct json_object *obj, const struct procsrv_info *i)
{
	json_add_u64(obj, "pid", i->pid);
	json_add_u64(obj, "ppid", i->ppid);
	json_object_object_add(obj, "name", json_text(i->name,
						      strlen(i->name)));
	json_object_object_add(obj, "state",
			       json_name(procsrv_state_name(i->state)));
	json_object_object_add(obj, "priority",
			       json_name(procsrv_priority_name(i->priority)));
	json_add_u64(obj, "uid", i->uid);
	json_add_u64(obj, "gid", i->gid);
	json_add_u64(obj, "sid", i->sid);
	json_add_u64(obj, "pgid", i->pgid);
}

/* The field of the interface is the stop or the exit signal, depending on the state. */
static void add_signals(struct json_object *obj, const struct procsrv_info *i)
{
	bool stopped = i->state == PROCSRV_STOPPED;
	__u32 exit_signal = stopped ? 0 : i->exit_signal;

	json_add_s32(obj, "exit_code", i->exit_code);
	json_add_u64(obj, "exit_signal", client_exit_signal(exit_signal));
	json_add_flag(obj, "core_dumped", client_dumped_core(exit_signal));
	json_add_u64(obj, "stop_signal", stopped ? i->exit_signal : 0);
}

static void add_account(struct json_object *obj, const struct procsrv_info *i)
{
	json_add_u64(obj, "thread_count", i->thread_count);
	json_add_u64(obj, "memory_usage", i->memory_usage);
	json_add_u64(obj, "cpu_time", i->cpu_time);
	json_add_u64(obj, "children_cpu_time", i->children_cpu_time);
	json_add_u64(obj, "start_time", i->start_time);
	json_add_u64(obj, "start_cycles", i->start_cycles);
	json_object_object_add(obj, "pending", json_signals(i->pending));
	json_add_u64(obj, "revocations", i->revocations);
	json_add_flag(obj, "execed", i->flags & PROCSRV_INFO_EXECED);
	json_add_flag(obj, "orphan", i->flags & PROCSRV_INFO_ORPHAN);
	add_signals(obj, i);
	json_add_flag(obj, "reaper", i->flags & PROCSRV_INFO_REAPER);
	json_add_flag(obj, "tied", i->flags & PROCSRV_INFO_TIED);
	json_add_flag(obj, "hosted", i->flags & PROCSRV_INFO_HOSTED);
	json_add_flag(obj, "exiting", i->flags & PROCSRV_INFO_EXITING);
	json_add_flag(obj, "autoreap", i->flags & PROCSRV_INFO_AUTOREAP);
	json_add_flag(obj, "clone", i->flags & PROCSRV_INFO_CLONE);
	json_add_mask(obj, "limits_passed", i->limits_passed,
		      procsrv_limit_name);
	json_add_u64(obj, "nr_limits_passed", i->nr_limits_passed);
	json_add_u64(obj, "seq", i->seq);
}

struct json_object *json_info(const struct procsrv_info *info)
{
	struct json_object *obj = need(json_object_new_object());

	add_identity(obj, info);
	add_account(obj, info);
	return obj;
}

bool get_credentials(const struct procsrv_info *i, struct procsrv_credentials *c)
{
	return i->flags & PROCSRV_INFO_HOSTED &&
	       !procsrv_get_credentials(device(), i->pid, c);
}

__u32 effective_user(const struct procsrv_info *i)
{
	struct procsrv_credentials c;

	return get_credentials(i, &c) ? c.euid : i->uid;
}

static struct json_object *json_credentials(const struct procsrv_info *i)
{
	struct procsrv_credentials c;
	struct json_object *obj;

	if (!get_credentials(i, &c))
		return NULL;
	obj = need(json_object_new_object());
	json_add_u64(obj, "ruid", c.ruid);
	json_add_u64(obj, "euid", c.euid);
	json_add_u64(obj, "suid", c.suid);
	json_add_u64(obj, "rgid", c.rgid);
	json_add_u64(obj, "egid", c.egid);
	json_add_u64(obj, "sgid", c.sgid);
	json_add_flag(obj, "kill", c.flags & PROCSRV_CREDENTIALS_KILL);
	return obj;
}

struct json_object *json_details(const struct procsrv_details *d, bool with_env)
{
	struct json_object *obj = need(json_object_new_object());
	const struct procsrv_info *i = &d->info;
	bool hidden = i->flags & PROCSRV_INFO_HIDDEN;

	add_identity(obj, i);
	json_object_object_add(obj, "terminal", i->terminal_len ?
			       json_text(d->terminal, strlen(d->terminal)) :
			       NULL);
	add_account(obj, i);
	json_object_object_add(obj, "cwd", json_text(d->cwd, strlen(d->cwd)));
	json_object_object_add(obj, "argv", hidden ? NULL :
			       json_strings(d->argv, i->argv_len));
	if (with_env)
		json_object_object_add(obj, "envp", hidden ? NULL :
				       json_strings(d->envp, i->envp_len));
	json_object_object_add(obj, "credentials", json_credentials(i));
	return obj;
}

static void json_write(struct json_object *obj)
{
	static const int flags = JSON_C_TO_STRING_SPACED |
				 JSON_C_TO_STRING_NOSLASHESCAPE;

	escape_json(stdout, obj, flags);
	json_object_put(obj);
}

void json_print(struct json_object *obj)
{
	json_write(obj);
	putchar('\n');
}

static bool array_begun;

void json_print_element(struct json_object *obj)
{
	fputs(array_begun ? ",\n " : "[\n ", stdout);
	array_begun = true;
	json_write(obj);
}

void json_end_array(bool failed)
{
	if (array_begun)
		puts("\n]");
	else if (!failed)
		puts("[]");
}

void print_end(__u64 pid, __s32 code, __u32 signo)
{
	printf("%llu ", pid);
	if (!signo) {
		printf("exited with code %d\n", code);
		return;
	}
	fputs("killed by ", stdout);
	print_killer(signo);
	putchar('\n');
}

void json_add_end(struct json_object *obj, __s32 code, __u32 signo)
{
	int number = client_exit_signal(signo);

	json_add_s32(obj, "exit_code", code);
	json_add_u64(obj, "exit_signal", number);
	json_object_object_add(obj, "signal_name",
			       json_name(procsrv_signal_name(number)));
	json_add_flag(obj, "core_dumped", client_dumped_core(signo));
}

void print_number(const char *key, __u64 value)
{
	struct json_object *obj;

	if (!json_output) {
		printf("%llu\n", value);
		return;
	}
	obj = need(json_object_new_object());
	json_add_u64(obj, key, value);
	json_print(obj);
}
