# SPDX-License-Identifier: GPL-2.0-only
# Tests of the device. They run as root, with the module loaded and not in use by
# other programs.
TEST_GEN_PROGS := @PROGRAMS@

CFLAGS += -std=gnu11 -pthread $(KHDR_INCLUDES)

include ../../lib.mk
