# SPDX-License-Identifier: GPL-2.0-only
# Tests through the device, as root, where the module is loaded and nothing else
# uses it.
TEST_GEN_PROGS := @PROGRAMS@

CFLAGS += -std=gnu11 -pthread $(KHDR_INCLUDES)

include ../../lib.mk
