/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/key_order.h"
#include "store/page_check.h"
#include "store/seen_walks.h"
#include "store/state_options.h"

/*
 * The state: what the log says, in a form that answers quickly. Balances, claims, indexes, request
 * ids. Derived, deletable, rebuilt from the log when missing, behind or doubtful. One ordered map of
 * bytes to bytes in a second LMDB environment that is not synced at each commit.
 *
 * The writer works in an overlay in memory above the last commit:
 *
 *     state_put ──> overlay ──(state_commit, one LMDB transaction, keys in order)──> LMDB
 *     state_get <── overlay, else LMDB                     readers <── LMDB, committed groups only
 *
 * so that readers see a group only after the log made it durable, a refused command is undone by
 * forgetting (state_mark, state_rollback), and an account that a group touches a thousand times is
 * written once. Two threads may share the work, one deciding what the other does not write yet: state_set_apart().
 *
 * Doubt: a mark beside the store has the kernel's boot id while a writer has it open, and says what it was once it is
 * closed (state_mark.h). The id of another boot means that a power cut may have torn it.
 */
enum {
	STATE_KEY_MAX = SEAL_KEY_MAX,
	STATE_VALUE_MAX = SEAL_VALUE_MAX,
};

struct state;

/*
 * Opens the state for its one writer, or read-only. One that is torn, of another format or unreadable is
 * emptied: its position is then zero, and the caller rebuilds. STORE_FAILED, STORE_LOCKED, IO;
 * NOT_PERMITTED on a network file system.
 */
enum recourse_error state_open(const struct state_options *options, struct state **state);

/* Whether there is room for a group: STORE_FULL when there is not. IO. Any thread. */
enum recourse_error state_check_room(const struct state *state);

/* Whether the ballast was given up, and is not there again. The writer's thread. */
bool state_ballast_missing(const struct state *state);

/* Looks at a piece of its pages, from any thread: page_check_piece(). */
enum recourse_error state_check_piece(const struct state *state, struct page_fault *fault,
	struct page_place *place, size_t leaves, bool *done);

/* Whether it was closed well, above the log that was named when it was opened: then nobody wrote in between. */
bool state_as_left(const struct state *state);

/* Which log it is that the state is about to be closed above. Without it, it is not left so. */
void state_note_log(struct state *state, const struct state_mark_of_log *log);

/* Syncs, then marks it clean, or what it must not be: see state_sweep(). The overlay must be empty (asserted). NULL is fine. */
void state_close(struct state *state);

/* As log_find_changed(). */
const char *state_find_changed(const struct state *state);

/* Empties it, position included. For a rebuild. */
enum recourse_error state_reset(struct state *state);

/*
 * A view to read through: the writer's own (with the overlay), or a snapshot of the last commit.
 * Snapshots may be opened and used by any thread, each by one at a time.
 */
struct state_view;
struct state_view *state_writer(struct state *state);
enum recourse_error state_snapshot_open(struct state *state, struct state_view **view);
void state_snapshot_close(struct state_view *view);
void state_snapshot_end(struct state_view **view); /* for SCOPED */

/* The position of the last commit that this view sees. */
void state_position(const struct state_view *view, struct state_position *position);

/*
 * QUERY_NOT_FOUND when absent. A snapshot's value is good until the snapshot closes; the writer's until the
 * next put, remove, rollback or commit.
 */
enum recourse_error state_get(struct state_view *view, slice key, slice *value);

/* The writer only (asserted). MEMORY. A value of size 0 is a value. */
enum recourse_error state_put(struct state_view *view, slice key, slice value);
enum recourse_error state_remove(struct state_view *view, slice key);

/*
 * Puts `before` and `tail` behind it, at no more cost than that of the tail where a group appends to a value again and
 * again. `before` is the value as state_get() has just given it, or empty where there is none (asserted, as far as
 * the overlay knows).
 */
enum recourse_error state_append(struct state_view *view, slice key, slice before, slice tail);

/* Everything after a mark can be undone until the next commit. Marks nest. */
typedef size_t state_mark_t;
state_mark_t state_mark(const struct state_view *view);
void state_rollback(struct state_view *view, state_mark_t mark);

/*
 * Looks at the next rows of what is committed, in the order of their keys, at most so many: each must have its seal. At the
 * end of a walk through all of them their sum must be that of the head, whatever was written meanwhile; then the next one
 * begins. `*whole`: one has ended with this. STORE_CORRUPT, also where the writer came upon such a row since it was opened: the
 * state must not be believed, and closing disowns it. Not while state_write() is under way.
 */
enum recourse_error state_sweep(struct state *state, size_t rows, bool *whole);

/* What the writer has done about seals since the state was opened, sweeps among it. The writer's thread. */
struct recourse_seals;
void state_seals(const struct state *state, struct recourse_seals *seals);

/*
 * Makes the overlay and the new position visible to readers, all at once; on a full disk by giving up the ballast.
 * STORE_FULL, STORE_FAILED:
 * nothing became visible and the overlay is as it was; the caller stops, the log has it all.
 */
enum recourse_error state_commit(struct state_view *view, const struct state_position *position);

/*
 * The same in three steps, of which the middle one may be another thread's, while the writer goes on in a new overlay that
 * sees what was set apart:
 *
 *     writer   state_put … state_set_apart   state_put …          state_settle   state_put … state_set_apart
 *     other                                  state_write ────────>
 *
 * One group is apart at a time (asserted). state_write() as state_commit(); where it fails, all is to be discarded.
 * state_settle(): what was written is read from the store from now on. STORE_FAILED.
 */
void state_set_apart(struct state_view *view);
enum recourse_error state_write(struct state *state, const struct state_position *position);
enum recourse_error state_settle(struct state_view *view);

/* Forgets the overlay, and what was set apart; which was not written, or it is to be settled first. */
void state_discard(struct state_view *view);

/*
 * Ordered walks over the keys that begin with `prefix`, from `from` on (inclusive; must begin with the
 * prefix, or be empty for its start) upwards, or downwards from `from` (inclusive; empty: the end).
 * On the writer's view the overlay is merged in. The key and value are good until the next step.
 *
 *     struct state_walk walk;
 *     for (error = state_walk_first(&walk, view, prefix, from, STATE_UP); error == RECOURSE_OK;
 *          error = state_walk_next(&walk))
 *             use(walk.key, walk.value);
 *     state_walk_end(&walk);
 *
 * QUERY_NOT_FOUND ends it. Puts during a walk are not allowed (asserted).
 */
struct MDB_cursor;
struct overlay;
enum state_direction { STATE_UP, STATE_DOWN };
struct state_walk {
	slice key;
	slice value;
	struct state_view *view;
	enum state_direction direction;
	struct MDB_cursor *cursor; /* where it stands in the store; NULL where its rows are known */
	slice store_key;           /* and what it came upon there: empty at the end */
	slice store_value;
	struct seen_walk stored;     /* what it came upon so far, or what is known */
	size_t next;                 /* of what is known */
	bool noted;                  /* what it comes upon is worth knowing */
	const struct overlay *upper; /* of the writer's overlays, those that may have such keys; else NULL */
	const struct overlay *lower;
	struct key_order_cursor in_upper;
	struct key_order_cursor in_lower;
	uint8_t prefix[STATE_KEY_MAX];
	size_t prefix_size;
};
enum recourse_error state_walk_first(struct state_walk *walk, struct state_view *view, slice prefix,
	slice from, enum state_direction direction);
enum recourse_error state_walk_next(struct state_walk *walk);

/* Leaves out what comes before `from`, which lies ahead of where the walk stands, and begins with its prefix (asserted). */
enum recourse_error state_walk_skip(struct state_walk *walk, slice from);
void state_walk_end(struct state_walk *walk);

/*
 * A SHA-256 chain over the position and all keys and values in order: two states are the same bytes when
 * this is the same. On the writer's view the overlay counts, and the position is the last commit's.
 */
enum recourse_error state_digest(struct state_view *view, uint8_t digest[static 32]);

/* The same without the position, and without the keys that lie between these, the first among them. */
enum recourse_error state_digest_without(
	struct state_view *view, slice first, slice behind, uint8_t digest[static 32]);
