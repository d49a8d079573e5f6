// SPDX-License-Identifier: GPL-2.0-only
/*
 * Immutable, counted strings
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "procsrv_tables.h"

enum {
	/*
	 * Bytes of an image that comes from the cache, in which each has a
	 * pointer behind it: two cache lines in all.
	 */
	SMALL_IMAGE = 128 - sizeof(void *),
};

static struct kmem_cache *image_cache;

/**
 * procsrv_strings_init() - make the cache that small images come from
 *
 * The memory of a small image stays that of one for a grace period, but may
 * become another one's: freeing it costs nothing, and most are small.
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_strings_init(void)
{
	const unsigned int data = offsetof(struct procsrv_image, data);

	/* The strings are copied from and to user memory where they are. */
	image_cache = kmem_cache_create_usercopy("procsrv_image", SMALL_IMAGE,
						 0, SLAB_ACCOUNT |
						 SLAB_TYPESAFE_BY_RCU, data,
						 SMALL_IMAGE - data, NULL);
	return image_cache ? 0 : -ENOMEM;
}

/**
 * procsrv_strings_exit() - undo procsrv_strings_init(); no image is left
 */
void procsrv_strings_exit(void)
{
	kmem_cache_destroy(image_cache);
}

static size_t image_size(size_t name_len, size_t argv_len, size_t envp_len)
{
	return sizeof(struct procsrv_image) + round_up(name_len, sizeof(u64)) +
	       argv_len + envp_len;
}

/* A name is copied by the word. */
static void set_name(struct procsrv_image *image, const char *name, size_t len)
{
	size_t room = round_up(len + 1, sizeof(u64));

	memset(image->data + room - sizeof(u64), 0, sizeof(u64));
	memcpy(image->data, name, len);
	image->name_len = len + 1;
}

static void free_image(struct procsrv_image *image)
{
	if (image_size(image->name_len, image->argv_len, image->envp_len) <=
	    SMALL_IMAGE)
		kmem_cache_free(image_cache, image);
	else
		kvfree_rcu(image, rcu);
}

/**
 * procsrv_image_new() - make room for a name, a command line, an environment
 * @name: the name; need not be terminated
 * @name_len: bytes of it, at most PROCSRV_NAME_MAX
 * @argv_len: bytes for the command line, at most PROCSRV_STRINGS_MAX
 * @envp_len: bytes for the environment, at most PROCSRV_STRINGS_MAX
 *
 * The caller fills procsrv_image_argv() and procsrv_image_envp() before
 * anybody else sees the image.
 *
 * Context: may sleep.
 * Return: an image with one reference, or NULL without memory.
 */
struct procsrv_image *procsrv_image_new(const char *name, size_t name_len,
					size_t argv_len, size_t envp_len)
{
	size_t size = image_size(name_len + 1, argv_len, envp_len);
	struct procsrv_image *image;

	if (size <= SMALL_IMAGE)
		image = kmem_cache_alloc(image_cache, PROCSRV_GFP);
	else
		image = kvmalloc(size, PROCSRV_GFP);
	if (!image)
		return NULL;
	set_name(image, name, name_len);
	image->argv_len = argv_len;
	image->envp_len = envp_len;
	refcount_set(&image->refs, 1);
	return image;
}
EXPORT_SYMBOL_PROCSRV(procsrv_image_new);

/**
 * procsrv_image_get() - take a reference
 * @image: the image
 *
 * Return: @image.
 */
struct procsrv_image *procsrv_image_get(struct procsrv_image *image)
{
	refcount_inc(&image->refs);
	return image;
}
EXPORT_SYMBOL_PROCSRV(procsrv_image_get);

/**
 * procsrv_image_try_get() - take a reference, unless the last was dropped
 * @image: the image
 *
 * It may be another image by now: the caller looks again where it found it.
 *
 * Context: under RCU.
 * Return: whether there is a reference.
 */
bool procsrv_image_try_get(struct procsrv_image *image)
{
	return refcount_inc_not_zero(&image->refs);
}

/**
 * procsrv_image_put() - drop a reference, and free with the last
 * @image: the image, or NULL
 */
void procsrv_image_put(struct procsrv_image *image)
{
	if (image && refcount_dec_and_test(&image->refs))
		free_image(image);
}
EXPORT_SYMBOL_PROCSRV(procsrv_image_put);

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

	text = kzalloc(struct_size(text, data, len + 1), PROCSRV_GFP);
	if (!text)
		return NULL;
	refcount_set(&text->refs, 1);
	text->len = len + 1;
	memcpy(text->data, data, len);
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
 * Context: under RCU.
 * Return: whether there is one, or none is needed.
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
	if (text && refcount_dec_and_test(&text->refs))
		kfree_rcu(text, rcu);
}
EXPORT_SYMBOL_PROCSRV(procsrv_text_put);
