// SPDX-License-Identifier: GPL-2.0-only
/*
 * Immutable, counted strings
 *
 * A look-up without the lock follows pointers to strings before it has a
 * reference. So the parts that it reads, all but long strings, are allocated
 * from caches with SLAB_TYPESAFE_BY_RCU. Long strings are read with a reference
 * only, and are freed with the last one: no large allocation waits for a grace
 * period, during which no user would be charged for it.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "internal.h"

enum {
	/*
	 * Bytes for strings in an image and in a text. In its cache each has a
	 * pointer behind it: two cache lines in all, and one.
	 */
	IMAGE_ROOM = 128 - sizeof(void *) - offsetof(struct procsrv_image, data),
	TEXT_ROOM = 64 - sizeof(void *) - offsetof(struct procsrv_text, room),

	/* The same, in an image whose name is too long for that. */
	LONG_NAME_ROOM = round_up(PROCSRV_NAME_MAX + 1, sizeof(u64)),
};

static struct kmem_cache *image_cache;
static struct kmem_cache *long_name_cache;
static struct kmem_cache *text_cache;

/* The strings are copied from and to user memory where they are. */
static struct kmem_cache *new_cache(const char *name, unsigned int header,
				    unsigned int room)
{
	return kmem_cache_create_usercopy(name, header + room, 0, SLAB_ACCOUNT |
					  SLAB_TYPESAFE_BY_RCU, header, room,
					  NULL);
}

/**
 * procsrv_strings_init() - make the caches that strings come from
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_strings_init(void)
{
	const unsigned int image = offsetof(struct procsrv_image, data);
	const unsigned int text = offsetof(struct procsrv_text, room);

	image_cache = new_cache("procsrv_image", image, IMAGE_ROOM);
	long_name_cache = new_cache("procsrv_image_long", image,
				    LONG_NAME_ROOM);
	text_cache = new_cache("procsrv_text", text, TEXT_ROOM);
	if (image_cache && long_name_cache && text_cache)
		return 0;
	procsrv_strings_exit();
	return -ENOMEM;
}

/**
 * procsrv_strings_exit() - undo procsrv_strings_init(); no string is left
 */
void procsrv_strings_exit(void)
{
	kmem_cache_destroy(text_cache);
	kmem_cache_destroy(long_name_cache);
	kmem_cache_destroy(image_cache);
}

/* A name is copied by the word. */
static size_t name_room(size_t name_len)
{
	return round_up(name_len, sizeof(u64));
}

static void set_name(struct procsrv_image *image, const char *name, size_t len)
{
	memset(image->data + name_room(len + 1) - sizeof(u64), 0, sizeof(u64));
	memcpy(image->data, name, len);
	image->name_len = len + 1;
}

static bool is_long(size_t name_len)
{
	return name_room(name_len) > IMAGE_ROOM;
}

/* The place of short lists. */
static char *behind_name(struct procsrv_image *image, size_t name_len)
{
	return image->data + name_room(name_len);
}

static void free_room(struct procsrv_image *image, size_t name_len)
{
	kmem_cache_free(is_long(name_len) ? long_name_cache : image_cache,
			image);
}

/**
 * procsrv_image_free() - free an image
 * @image: the image, to which there is no reference any more
 *
 * Context: may sleep.
 */
void procsrv_image_free(struct procsrv_image *image)
{
	if (image->lists != behind_name(image, image->name_len))
		kvfree(image->lists);
	free_room(image, image->name_len);
}
EXPORT_SYMBOL_PROCSRV(procsrv_image_free);

/**
 * procsrv_image_new() - make room for a name, a command line, an environment
 * @name: the name; need not be terminated
 * @name_len: bytes of it, at most PROCSRV_NAME_MAX
 * @argv_len: bytes for the command line, at most PROCSRV_STRINGS_MAX
 * @envp_len: bytes for the environment, at most PROCSRV_STRINGS_MAX
 *
 * The caller fills procsrv_image_argv() and procsrv_image_envp() before
 * the image is visible to others.
 *
 * Context: may sleep.
 * Return: an image with one reference, or NULL without memory.
 */
struct procsrv_image *procsrv_image_new(const char *name, size_t name_len,
					size_t argv_len, size_t envp_len)
{
	size_t room = is_long(name_len + 1) ? LONG_NAME_ROOM : IMAGE_ROOM;
	size_t lists_len = argv_len + envp_len;
	struct procsrv_image *image;
	char *lists;

	image = kmem_cache_alloc(is_long(name_len + 1) ? long_name_cache :
							 image_cache, PROCSRV_GFP);
	if (!image)
		return NULL;
	if (name_room(name_len + 1) + lists_len <= room)
		lists = behind_name(image, name_len + 1);
	else
		lists = kvmalloc(lists_len, PROCSRV_GFP);
	if (!lists) {
		free_room(image, name_len + 1);
		return NULL;
	}
	set_name(image, name, name_len);
	image->argv_len = argv_len;
	image->envp_len = envp_len;
	image->lists = lists;
	refcount_set(&image->refs, 1);
	return image;
}
EXPORT_SYMBOL_PROCSRV(procsrv_image_new);

/**
 * procsrv_image_try_get() - take a reference, unless the last was dropped
 * @image: the image
 *
 * It may be another image by now: the caller checks the pointer again.
 *
 * Context: under RCU.
 * Return: whether there is a reference.
 */
bool procsrv_image_try_get(struct procsrv_image *image)
{
	return refcount_inc_not_zero(&image->refs);
}

/**
 * procsrv_text_new() - make a counted copy of a string
 * @data: the string; need not be terminated
 * @len: bytes of it
 *
 * Context: may sleep.
 * Return: the copy, terminated, with one reference, or NULL without memory.
 */
struct procsrv_text *procsrv_text_new(const char *data, size_t len)
{
	struct procsrv_text *text;
	char *to;

	text = kmem_cache_alloc(text_cache, PROCSRV_GFP);
	if (!text)
		return NULL;
	to = len < TEXT_ROOM ? text->room : kmalloc(len + 1, PROCSRV_GFP);
	if (!to) {
		kmem_cache_free(text_cache, text);
		return NULL;
	}
	memcpy(to, data, len);
	to[len] = 0;
	text->data = to;
	text->len = len + 1;
	refcount_set(&text->refs, 1);
	return text;
}
EXPORT_SYMBOL_PROCSRV(procsrv_text_new);

/**
 * procsrv_text_get() - take a reference
 * @text: the text, or NULL
 *
 * Return: @text.
 */
struct procsrv_text *procsrv_text_get(struct procsrv_text *text)
{
	if (text)
		refcount_inc(&text->refs);
	return text;
}
EXPORT_SYMBOL_PROCSRV(procsrv_text_get);

/**
 * procsrv_text_try_get() - take a reference, unless the last was dropped
 * @text: the text, or NULL
 *
 * It may be another text by now: the caller checks the pointer again.
 *
 * Context: under RCU.
 * Return: whether there is a reference, or @text is NULL.
 */
bool procsrv_text_try_get(struct procsrv_text *text)
{
	return !text || refcount_inc_not_zero(&text->refs);
}

/**
 * procsrv_text_put() - drop a reference, and free with the last
 * @text: the text, or NULL
 */
void procsrv_text_put(struct procsrv_text *text)
{
	if (!text || !refcount_dec_and_test(&text->refs))
		return;
	if (text->data != text->room)
		kfree(text->data);
	kmem_cache_free(text_cache, text);
}
EXPORT_SYMBOL_PROCSRV(procsrv_text_put);
