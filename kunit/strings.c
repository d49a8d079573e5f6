// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counted strings
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "common.h"

static void image_has_room_for_three(struct kunit *test)
{
	struct procsrv_image *image = procsrv_image_new("abcdef", 3, 5, 7);

	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	/* Only the three bytes of the given length, and a NUL. */
	KUNIT_EXPECT_STREQ(test, procsrv_image_name(image), "abc");
	KUNIT_EXPECT_EQ(test, image->name_len, 4);
	KUNIT_EXPECT_EQ(test, image->argv_len, 5);
	KUNIT_EXPECT_EQ(test, image->envp_len, 7);
	memset(procsrv_image_argv(image), 'x', 5);
	memset(procsrv_image_envp(image), 'y', 7);
	KUNIT_EXPECT_STREQ(test, procsrv_image_name(image), "abc");
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_argv(image), "xxxxxyyyyyyy",
				     12), 0);
	procsrv_image_put(image);
}

static void empty_image(struct kunit *test)
{
	struct procsrv_image *image = procsrv_image_new("", 0, 0, 0);

	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_STREQ(test, procsrv_image_name(image), "");
	KUNIT_EXPECT_EQ(test, image->name_len, 1);
	KUNIT_EXPECT_EQ(test, image->argv_len, 0);
	KUNIT_EXPECT_EQ(test, image->envp_len, 0);
	procsrv_image_put(image);
}

static void largest_image(struct kunit *test)
{
	char *name = kunit_kzalloc(test, PROCSRV_NAME_MAX + 1, GFP_KERNEL);
	struct procsrv_image *image;
	u64 pid;

	KUNIT_ASSERT_NOT_NULL(test, name);
	memset(name, 'n', PROCSRV_NAME_MAX);
	image = procsrv_image_new(name, PROCSRV_NAME_MAX, PROCSRV_STRINGS_MAX,
				  PROCSRV_STRINGS_MAX);
	KUNIT_ASSERT_NOT_NULL(test, image);
	memset(procsrv_image_argv(image), 'a', PROCSRV_STRINGS_MAX);
	memset(procsrv_image_envp(image), 'e', PROCSRV_STRINGS_MAX);
	KUNIT_EXPECT_STREQ(test, procsrv_image_name(image), name);
	KUNIT_EXPECT_EQ(test, procsrv_image_argv(image)[0], 'a');
	KUNIT_EXPECT_EQ(test, procsrv_image_argv(image)[PROCSRV_STRINGS_MAX - 1],
			'a');
	KUNIT_EXPECT_EQ(test, procsrv_image_envp(image)[0], 'e');
	KUNIT_EXPECT_EQ(test, create_in(server(test), PROCSRV_INIT_PID, image,
					&pid), 0);
	procsrv_image_put(image);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).argv_len, PROCSRV_STRINGS_MAX);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).envp_len, PROCSRV_STRINGS_MAX);
}

static void image_is_counted(struct kunit *test)
{
	struct procsrv_image *image = make_image("x");
	u64 pid;

	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_PTR_EQ(test, procsrv_image_get(image), image);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 2);
	procsrv_image_put(image);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	procsrv_image_put(NULL);

	/* Every process holds one reference to its image. */
	KUNIT_EXPECT_EQ(test, create_in(server(test), PROCSRV_INIT_PID, image,
					&pid), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 2);
	KUNIT_EXPECT_EQ(test, procsrv_exec(server(test), pid, image), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 2);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "y"), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	KUNIT_EXPECT_EQ(test, procsrv_exec(server(test), pid, image), 0);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 2);
	reap_child(test, PROCSRV_INIT_PID, pid);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	procsrv_image_put(image);
}

/* A failed call keeps no reference. */
static void failed_calls_give_images_back(struct kunit *test)
{
	struct procsrv_image *image = make_image("x");
	u64 pid;

	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_EQ(test, create_in(server(test), TEST_NO_PID, image, &pid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	KUNIT_EXPECT_EQ(test, procsrv_exec(server(test), TEST_NO_PID, image),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	procsrv_image_put(image);
}

static void server_gives_all_back(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct procsrv *other = procsrv_new(&f->clock);
	struct procsrv_image *image = make_image("x");
	struct procsrv_text *name = procsrv_text_new("tty", 3);
	struct procsrv_text *cwd = procsrv_text_new("/", 1);
	struct procsrv_update u = { .mask = PROCSRV_UPDATE_CWD, .cwd = cwd };
	u32 sid, pgid;
	u64 pid;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_ASSERT_NOT_NULL(test, cwd);
	for (i = 0; i < 10; i++) {
		create_in(other, PROCSRV_INIT_PID, image, &pid);
		procsrv_update(other, pid, &u);
		procsrv_create_session(other, pid, &sid, &pgid);
		procsrv_set_terminal(other, sid, name);
	}
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 11);
	KUNIT_EXPECT_EQ(test, refcount_read(&name->refs), 11);
	KUNIT_EXPECT_EQ(test, refcount_read(&cwd->refs), 11);
	procsrv_terminate(other, pid, 0, 0);
	procsrv_put(other);
	KUNIT_EXPECT_EQ(test, refcount_read(&image->refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&name->refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&cwd->refs), 1);
	procsrv_image_put(image);
	procsrv_text_put(name);
	procsrv_text_put(cwd);
}

static void text_is_a_copy(struct kunit *test)
{
	char source[] = "hello";
	struct procsrv_text *text = procsrv_text_new(source, 4);

	KUNIT_ASSERT_NOT_NULL(test, text);
	source[0] = 'j';
	KUNIT_EXPECT_STREQ(test, text->data, "hell");
	KUNIT_EXPECT_EQ(test, text->len, 5);
	KUNIT_EXPECT_EQ(test, refcount_read(&text->refs), 1);
	procsrv_text_put(text);

	text = procsrv_text_new("", 0);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text->data, "");
	KUNIT_EXPECT_EQ(test, text->len, 1);
	procsrv_text_put(text);
}

static void longest_text(struct kunit *test)
{
	char *path = kunit_kzalloc(test, PROCSRV_PATH_MAX, GFP_KERNEL);
	struct procsrv_text *text;

	KUNIT_ASSERT_NOT_NULL(test, path);
	memset(path, '/', PROCSRV_PATH_MAX - 1);
	text = procsrv_text_new(path, PROCSRV_PATH_MAX - 1);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text->data, path);
	KUNIT_EXPECT_EQ(test, text->len, PROCSRV_PATH_MAX);
	procsrv_text_put(text);
}

static void text_is_counted(struct kunit *test)
{
	struct procsrv_text *text = procsrv_text_new("x", 1);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_PTR_EQ(test, procsrv_text_get(text), text);
	KUNIT_EXPECT_EQ(test, refcount_read(&text->refs), 2);
	procsrv_text_put(text);
	KUNIT_EXPECT_EQ(test, refcount_read(&text->refs), 1);
	procsrv_text_put(text);
	KUNIT_EXPECT_NULL(test, procsrv_text_get(NULL));
	procsrv_text_put(NULL);
}

static struct kunit_case strings_cases[] = {
	KUNIT_CASE(image_has_room_for_three),
	KUNIT_CASE(empty_image),
	KUNIT_CASE(largest_image),
	KUNIT_CASE(image_is_counted),
	KUNIT_CASE(failed_calls_give_images_back),
	KUNIT_CASE(server_gives_all_back),
	KUNIT_CASE(text_is_a_copy),
	KUNIT_CASE(longest_text),
	KUNIT_CASE(text_is_counted),
	{}
};

static struct kunit_suite strings_suite = {
	.name = "procsrv-strings",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = strings_cases,
};

kunit_test_suite(strings_suite);
