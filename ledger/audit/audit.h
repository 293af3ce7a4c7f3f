/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "audit/replay.h"
#include "proof/checkpoint.h"
#include "recourse_ledger.h"
#include "store/directory.h"

/*
 * The offline audit (J4), as its parts see it. It trusts nothing but the log's bytes and the rules: every request is
 * verified and decided again into a scratch state, every stored byte compared with what comes out; then what the entries
 * say is added up once more, without the rules, and the invariants are looked at in the state that came out.
 *
 * Each part: AUDIT_FAILED with what is wrong in the replay's context, or a fault of reading.
 */
enum { LATE_CLOCK_MARKS = 2 };
struct audit {
	const struct recourse_audit_options *options;
	struct recourse_audit *report;
	struct log *log;
	struct log_snapshot *snapshot;
	struct state *state; /* scratch */
	struct log_head head;
	struct replay replay;
	struct {
		struct checkpoint last;
		enum recourse_error error;
	} guard;               /* as it was before the log was opened */
	struct key_public key; /* of the log, as the first entry names it */
	struct {
		char path[DIRECTORY_PATH_SIZE];
		bool there;
		struct state_position position;
		struct page_fault fault;
	} held; /* the state beside the log */
	uint64_t marks
		[LATE_CLOCK_MARKS]; /* instants of what was decided, the newer first, a minute or more apart */
	char state_wrong[400];      /* said last: what is wrong with the log says more */
	struct crypto_hash previous; /* leaf hash of the entry that was looked at last */
	uint8_t digest[32];          /* of the state that was made, as far as this is OK: */
	enum recourse_error digested;
};

/* Says what is wrong, of an entry or of none. */
#define audit_wrong_entry(audit, ...) check_wrong_entry(&(audit)->replay.check, __VA_ARGS__)
#define audit_wrong(audit, ...)       check_wrong(&(audit)->replay.check, __VA_ARGS__)

/* The same while entries are looked at one after the other, which is done beside the deciding. */
#define audit_wrong_beside(audit, ...) check_wrong_entry(&(audit)->replay.compare.check, __VA_ARGS__)

/*
 * The state that lies beside a log must be what the log makes, as far as it says it has followed (I11). One that is
 * absent or may not be believed is no fault: it is derived. To be looked at before the log: a state that runs on
 * meanwhile is then never ahead.
 */
enum recourse_error held_state_look(struct audit *audit);

/* In `state_wrong`, when it has followed more than the log has, or another log. Faults of reading the log. */
enum recourse_error held_state_check(struct audit *audit);

/* Whether the replay has just committed what it has followed. */
bool held_state_is_level(const struct audit *audit);

/*
 * Compares it with the state that was made, which is level, by its digest. In `state_wrong`, when they differ or it can not
 * be read; the report's `state_compared` stays false where it is not read, or has run on meanwhile. Touches nothing else,
 * so that it may be done beside what reads the state that was made. MEMORY.
 */
enum recourse_error held_state_compare(struct audit *audit, const uint8_t made[static 32]);

/*
 * Clocks that struck late (E3). Whoever runs the service can keep one from striking, so that nobody is restricted, no
 * alert raised, no stay overdue, and let it strike when it suits. The log is then in order; but it shows what else was
 * decided meanwhile. A clock counts as late when, at least a minute after it was due and a minute before it struck,
 * something else was decided: the service was running all that time, and did not let it. One that waited while all clocks were held says by
 * which entry, and is not late.
 *
 * It is said, and not held against the log: a hundred thousand clocks that are due at once take their time, too. Looks at
 * the next entry, from the first on. STORE_CORRUPT for a clock that does not say when it was due.
 */
enum recourse_error late_clock_entry(struct audit *audit, const struct entry *entry);

/*
 * What the stored postings say, added up without any rule: each entry balances in every book and unit (I1, I2, I3,
 * I9; see books/README.md), and who said that cash came or went, for the custodians to confirm (H3).
 */
enum recourse_error posting_sums_entry(struct audit *audit, const struct entry *entry);

/*
 * What others kept of a ledger, held against its log: a client's remembered checkpoint, a consumer's receipt, a
 * guard from another disk. Whoever has the log's key can write a whole history anew that is right in itself;
 * he can not take back what he signed before.
 *
 * Told apart by what it says: a receipt by its first line, a checkpoint (verified by the log's key) by its
 * blank line; a guard is the bare three lines. What is wrong begins with the evidence's name.
 */
enum recourse_error evidence_check(struct audit *audit);

/* The log's tree at the checkpoint's size must have its root. `where` says where it came from. */
enum recourse_error evidence_check_root(
	struct audit *audit, const char *where, const struct checkpoint *checkpoint);

/*
 * Everything that must hold of the state that came out: the invariants of money (money_check.c), then those of each
 * area, the last first: what stands on others says more exactly what is wrong.
 */
enum recourse_error checks_run(struct check_context *check);
