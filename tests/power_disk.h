/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include <stdbool.h>

/*
 * A disk that loses its power: what was asked of it, in order, and what may be on it after any of these calls. What was
 * synced is there. Of what was not
 *
 *   writes     each is there, is not, or in any of its sectors of 512 bytes; the file may have grown all the same, and
 *              has zeroes there. So do truncations, whole.
 *   names      made, renamed and removed: up to any of them in their order, as a journal has it, or any of them, as a
 *              disk without one has it. A rename is whole, and says nothing of what is in the file.
 *
 * A file's sync is not its name's: that is its directory's. A write on a descriptor that is O_DSYNC is synced by itself, and
 * no other is by it.
 */
enum { POWER_NAME_SIZE = 32, POWER_NODES_MAX = 512, POWER_NAMES_MAX = 64, POWER_SECTOR_SIZE = 512 };

enum power_kind {
	POWER_WRITE,    /* bytes at offset; none: the file is at least so long */
	POWER_TRUNCATE, /* to offset */
	POWER_MAKE,     /* the node gets a name in a directory */
	POWER_RENAME,   /* of a directory's names, one takes another's place */
	POWER_REMOVE,
	POWER_SYNC,    /* of the node; of a directory: its names */
	POWER_THROUGH, /* the write before it was synced by itself */
	POWER_MARK,    /* what was acknowledged until here */
};

struct power_call {
	enum power_kind kind;
	unsigned int node; /* which was written or synced, or whose names changed */
	unsigned int made; /* which the name is of: POWER_MAKE */
	char name[POWER_NAME_SIZE];
	char to[POWER_NAME_SIZE];
	uint64_t offset;
	size_t size;
	uint8_t *bytes;
	size_t settled; /* the call that makes sure that it is there; SIZE_MAX: none */
};

struct power_bytes {
	uint8_t *bytes;
	size_t size;
	size_t capacity;
};

struct power_name {
	unsigned int directory;
	unsigned int node;
	char name[POWER_NAME_SIZE];
};

/* What is on the disk: of the nodes, those with a name below node 0. */
struct power_disk {
	struct power_bytes files[POWER_NODES_MAX];
	struct power_name names[POWER_NAMES_MAX];
	size_t name_count;
};

struct power_record {
	struct power_call *calls;
	size_t count;
	size_t capacity;
	unsigned int node_count;
	bool directories[POWER_NODES_MAX];
};

/* Appended; it is the caller's to fill in but for `settled`. Good until the next. */
struct power_call *power_append(struct power_record *record, enum power_kind kind, unsigned int node);
void power_record_free(struct power_record *record);

/* Says of each call by what it is settled: when all were recorded. */
void power_settle(struct power_record *record);

/* The disk's parts after the first `cut` calls: what all of them left, and what is sure, as far as it is sure whole. */
struct power_point {
	const struct power_record *record;
	size_t cut;
	struct power_disk whole;
	struct power_disk sure;
	size_t whole_until;
	size_t sure_until[POWER_NODES_MAX]; /* calls, of each node */
	size_t names_until;
};

void power_point_start(struct power_point *point, const struct power_record *record);

/* Not before where it is. */
void power_point_move(struct power_point *point, size_t cut);
void power_point_free(struct power_point *point);

/* One that may be there: with all that was asked for, with only what is sure, or any. */
enum power_choice { POWER_ALL, POWER_SURE, POWER_ANY };
void power_cut(const struct power_point *point, enum power_choice choice, struct support_random *random,
	struct power_disk *disk);
void power_disk_free(struct power_disk *disk);

/* Quick, and for chaining: not for an adversary. */
uint64_t power_hash(uint64_t hash, slice bytes);

/* The same for disks on which a reader finds the same, whatever their nodes are. */
uint64_t power_disk_hash(const struct power_record *record, const struct power_disk *disk);

/* Makes its files and directories below a directory that is empty. */
void power_disk_lay(const struct power_record *record, const struct power_disk *disk, const char *directory);
