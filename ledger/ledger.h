/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/checkpoint.h"
#include "decide/core.h"
#include "recourse_ledger.h"
#include "sealing.h"
#include "store/page_check.h"
#include "store/site.h"

/*
 * What is behind struct recourse_ledger. Whoever decides owns core and told, whoever keeps what was decided owns head,
 * tree and link, which say what is in the log (commit.c); log and state are read through snapshots by any thread.
 */
struct recourse_ledger {
	struct log *log;
	struct state *state;
	struct key_secret signer; /* of checkpoints */
	struct key_secret system; /* says clock.fire */
	bool read_only;
	bool whole;     /* opened, and no fault was met since: the state may say that it was left so */
	bool rehearsal; /* signatures of requests are not looked at */
	struct log_head head;
	struct tree tree;
	struct crypto_hash link; /* of the last request's record */
	uint64_t told;           /* uses of break-glass before this entry were given out */
	/* In turn: the one that is decided, which is the core's, and the one that was handed over. */
	struct group groups[2];
	struct sealing sealing[2]; /* what goes beside the log with each of them */
	struct notes notes;
	bool begun;       /* something may have been decided in the core's */
	bool handed_over; /* the other one was, and is not settled yet */
	/* How far that one came, its last hash not known yet, and its last link: its keeper writes to the group itself. */
	struct log_head decided;
	struct crypto_hash decided_link;
	struct core core;
	char guard[DIRECTORY_PATH_SIZE];
	struct page_place inspected; /* of the log, and when that is done of the state: */
	bool inspects_state;
	struct site directory;
	struct site guard_site; /* noted once something was signed */
	void (*tell)(void *context, const char *what);
	void *tell_context;
	char origin[CHECKPOINT_ORIGIN_SIZE + 1];
};

/* Fills in the origin, once the ledger has been opened by its first entry. */
enum recourse_error ledger_read_origin(struct recourse_ledger *ledger);

/*
 * Before anything is opened to write (names.c). NOT_PERMITTED, told why, where somebody else may put another file in
 * the place of one on which the ledger stands, or the guard lies where a store's lock is.
 */
enum recourse_error names_look(const struct recourse_ledger_options *options);

/* Tells what is the matter with a file of that ledger. */
void names_tell(void *ledger, const char *path, const char *what);

/* Tells of a page of a store that is at fault; of none, nothing. */
void names_tell_fault(
	const struct recourse_ledger *ledger, const char *store, const struct page_fault *fault);

/* Notes the guard as it is now. One that is not there is not noted. */
void names_note_guard(struct recourse_ledger *ledger);

/*
 * recourse_ledger_check_names() in two parts: the names without which nobody finds what was added, of the directory, the log and
 * what people said; and those of the state, which is made again, and of the guard.
 */
enum recourse_error names_check_log(const struct recourse_ledger *ledger);
enum recourse_error names_check_beside(const struct recourse_ledger *ledger);

/*
 * What stands outside log and state (notes.h). At opening, once the state has followed the log: whatever that says is erased
 * is overwritten again, before anything is served: files may come from an older backup. Nothing is taken away: the log itself
 * may. VERSION_UNKNOWN, MEMORY, STORE_CORRUPT, IO of the state.
 */
enum recourse_error ledger_open_notes(struct recourse_ledger *ledger, const char *directory);

/*
 * Decides a prepared submit in the writer's group, received at one time of the host, decided at one of the ledger. OK:
 * it has an outcome, accepted or refused; any other error is a fault, and the group must be thrown away.
 */
enum recourse_error call_decide(
	struct recourse_request *call, struct core *core, uint64_t received, uint64_t time, slice salt);

/* What of its texts belongs to the entries from `first` on, which it made: struct notes_text, good as long as it is. */
enum recourse_error call_note(
	const struct recourse_request *call, const struct core *core, uint64_t first, struct buffer *out);

/*
 * The reply to a submit, read back from the ledger: from the request's record, the entries it made, and the
 * balances as they were after each. The first reply and every repetition are made the same way, so they are the
 * same (H5).
 *
 * Appends one item to `out`. `ahead`: by the writer's view, between recourse_ledger_append() and recourse_ledger_show().
 */
struct reply_form {
	bool all; /* a refused request returns its refusal's error instead */
	bool brief;
	bool first; /* for the call that made the record, which alone is told what was unsealed */
	bool ahead;
};
enum recourse_error reply_build(struct recourse_ledger *ledger, uint64_t request,
	const struct reply_form *form, struct buffer *out, struct recourse_refusal *refusal);

/*
 * The reply to a dry run, from what its record would have said: the refused commands, and how many would be accepted. Of
 * mode `all`, the first refusal is its error.
 */
enum recourse_error reply_dry(const struct request *request, uint64_t time, slice refusals,
	struct buffer *out, struct recourse_refusal *refusal);
