/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"
#include "power_disk.h"

/*
 * A service's life that is recorded for power_test.c, with what was said to others as it went on: each mark in the record
 * has one of these. Directory and keys are the test's, which also hands the record over to what listens to the disk.
 */
enum {
	POWER_REQUESTS_MAX = 256,
	POWER_ENTRIES_MAX = 120,
};

/* What had been said to others. */
struct mark {
	bool made; /* init said so */
	uint64_t acknowledged;
	uint64_t sent;    /* requests, both */
	uint64_t covered; /* entries, by the checkpoint that was given out */
	bool noted;
};

struct kept {
	struct buffer requests[POWER_REQUESTS_MAX];
	struct buffer entries[POWER_ENTRIES_MAX + 1];
	uint64_t entries_of[POWER_REQUESTS_MAX + 1]; /* after so many requests */
	uint64_t state_of[POWER_REQUESTS_MAX + 1];   /* its hash; 0: not known yet */
	uint64_t request_count;
};

/* A disk that was tried, and after how many marks at most: one that is right may lack what is acknowledged later. */
struct seen {
	uint64_t hash; /* 0: none */
	size_t marks;
};

/* By init's admin. */
struct payload {
	char *text;
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
};

struct power {
	struct kit kit;
	struct support_directory outside; /* where the files are that say which boot it is */
	char top[SUPPORT_PATH_MAX];
	char place[SUPPORT_PATH_MAX]; /* of the ledger in it */
	char log_key[SUPPORT_PATH_MAX];
	char system_key[SUPPORT_PATH_MAX];
	char guard[SUPPORT_PATH_MAX];
	char note[SUPPORT_PATH_MAX];
	char boots[2][SUPPORT_PATH_MAX];
	struct key_secret admin;
	struct payload next; /* a request that comes after any */
	struct power_record record;
	struct mark marks[2 * POWER_REQUESTS_MAX]; /* from 1 on; before them nothing was said */
	size_t mark_count;
	struct mark now;
	struct kept kept;
	struct power_disk disk;
	struct support_random random;
	struct seen *seen; /* in the place that the hash says, or behind it */
	size_t seen_size;
	size_t tried;
	bool thorough; /* what costs as much as all the rest is done, too */
};

/* The path of a name in a directory, asserted to fit. */
void power_life_path(char path[static SUPPORT_PATH_MAX], const char *directory, const char *name);

/* The ledger, opened as it is or with its state made anew. As recourse_ledger_open(). */
enum recourse_error power_life_open(struct power *power, bool rebuild);

/* Of all rows that the state has; never 0. */
enum recourse_error power_life_hash_state(struct recourse_ledger *ledger, uint64_t *hash);

/* One command in words, signed by init's admin; and decided, kept and answered. */
struct payload power_life_payload(struct power *power, const char *id, const char *words);
void power_life_payload_free(struct payload *payload);
enum recourse_error power_life_send(struct power *power, const struct payload *payload);

/* The life. The ledger is left open. */
void power_life_live(struct power *power);

/* Keeps what the log then has. */
void power_life_keep(struct power *power);
