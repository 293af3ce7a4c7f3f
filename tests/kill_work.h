/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kill_said.h"

#include "base/crypto.h"
#include "recourse_client.h"
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * The work that a service is given while it is killed again and again, and what was acknowledged of it.
 *
 * Each worker has a merchant of its own, M0 to M3, and makes requests without end: deposits, one or many at a time;
 * holds and releases, some of which must be refused; cards in mode `each`, one of them issued twice; and what is said of a
 * claim, and erased. A request that
 * was not answered stays open and is sent again, unchanged. One that was answered, accepted or refused by a rule,
 * goes to the list: a file that is synced before the worker goes on.
 */
enum { KILL_WORK_WORKERS = 4 };

enum kill_work_signer { KILL_WORK_MAKER, KILL_WORK_BANK, KILL_WORK_CHECKER };

struct kill_work_request {
	char id[32];
	enum kill_work_signer signer;
	bool each; /* mode */
	uint64_t expires;
	struct recourse_bytes commands;
	int64_t available; /* what it adds to the merchant's deposit when accepted, in fen */
	int64_t cash;      /* what it adds to the bank's cash */
	struct kill_said said;
	bool answered;
	enum recourse_error error;
	struct crypto_hash answer;
};

struct kill_work_worker {
	struct kill_work *work;
	uint32_t number;
	struct support_random random;
	struct kill_work_request *requests;
	size_t count;
	size_t capacity;
	size_t open;            /* all before it are answered */
	atomic_size_t answered; /* to look at while it works */
	uint64_t holds;
	uint64_t wish; /* to have erased what was said, that nobody has approved yet; 0: none */
	pthread_t thread;
};

/* What a round works with: the same keys, patient or not. */
struct kill_clients {
	struct recourse_client *admin;
	struct recourse_client *bank;
	struct recourse_client *maker;
	struct recourse_client *checker;
};

struct kill_work {
	struct kill_work_worker workers[KILL_WORK_WORKERS];
	struct kill_clients clients; /* of this round, shared by all workers */
	atomic_bool stop;
	pthread_mutex_t mutex; /* for the list and the problem */
	int list;
	char problem[400]; /* the first thing that must not be; empty when there is none */
	size_t duplicates; /* requests that were in flight twice at once */
};

void kill_work_make(struct kill_work *work, const char *list, struct support_random *random);
void kill_work_free(struct kill_work *work);

/* Works until stopped; returns when all that was in flight is answered or given up. */
void kill_work_begin(struct kill_work *work);
void kill_work_end(struct kill_work *work);

/* Sends what is still open, with clients that are patient; fails the test when any stays open. */
void kill_work_finish(struct kill_work *work);

/* Sends up to COUNT answered requests again, chosen at random: the answers must be what they were. */
void kill_work_repeat_some(struct kill_work *work, struct support_random *random, size_t count);

/*
 * Sends everything on the list again and compares it with the list, byte for byte. Each request must be there once.
 * `accepted` is called with the reply of each that was accepted, as JSON.
 */
void kill_work_repeat_all(
	struct kill_work *work, void (*accepted)(void *context, const char *reply), void *context);

size_t kill_work_count(const struct kill_work *work);
size_t kill_work_answered(struct kill_work *work);

/* What the merchant of that worker, and the bank for all of them, must have by what was accepted. */
int64_t kill_work_available(const struct kill_work *work, uint32_t worker);
int64_t kill_work_cash(const struct kill_work *work);
