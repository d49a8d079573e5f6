/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server that answers at random.
 */
#ifndef REPLAY_FUZZ_SERVER_RANDOM_H
#define REPLAY_FUZZ_SERVER_RANDOM_H

/**
 * server_seed() - begin anew: the same seed leads to the same answers
 */
void server_seed(unsigned int seed);

#endif /* REPLAY_FUZZ_SERVER_RANDOM_H */
