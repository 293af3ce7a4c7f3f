/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOURSE_LEDGER_H
#define RECOURSE_LEDGER_H

#include "recourse.h"
#include "recourse_schema.h"

/*
 * The ledger as a library: what a program that embeds it calls, and all that the RPC service calls.
 * It knows no socket, no clock and no randomness: those arrive with each call, so that replaying the log
 * gives the same bytes anywhere. Where the size of files is limited, ignore SIGXFSZ, or it kills instead of STORE_FULL.
 *
 *   any thread:    prepare (signature, form)          query, proofs, checkpoints, replies
 *   one at a time: commit (decide, make durable, show), sign
 *
 * Times are nanoseconds since 1970-01-01T00:00:00Z.
 */
struct recourse_ledger;

enum {
	RECOURSE_REQUEST_SIZE_MAX = 1 << 20, /* payload bytes of one request */
	RECOURSE_COMMANDS_MAX = 8192,        /* in one request */
	RECOURSE_ENTRY_SIZE_MAX = 16 * 1024,
	RECOURSE_LIFETIME_MAX_HOURS = 24, /* how far ahead a request may name its expiry */
	RECOURSE_SALT_SIZE = 32,
	RECOURSE_TEXTS_MAX = 32, /* beside one request: a text for each of its notes */
	RECOURSE_TEXT_SIZE_MAX = 8 * 1024,
	RECOURSE_TEXT_RANDOM_SIZE = 32,
};

/* Why something was refused, for programs and people. Empty texts and zeroes mean "does not apply". */
struct recourse_refusal {
	enum recourse_error error;
	int64_t command;  /* index in the request; −1 for the request as a whole */
	char field[64];   /* the member that is at fault, "shares[2].party" for members of lists */
	char limit[128];  /* what is allowed, in words */
	uint32_t allowed; /* the number of that wording, which lasts where words are mended; 0: it has none */
	char account[200]; /* 2010/party/reference/unit */
	char needed[40];   /* decimal in the unit of the account or field */
	char available[40];
	char state[32]; /* where the life stands that does not allow the step */
	bool entry_known;
	uint64_t entry; /* the entry that stands in the way */
};

/*
 * Makes DIRECTORY (mode 0700) with an empty log. EXISTS when it is there and not empty; IO.
 * The first request committed must be the one command `ledger.open`, signed by the key it names.
 */
enum recourse_error recourse_ledger_create(const char *directory);

/*
 * A place where work is done beside other work: a thread of the caller's, as the ledger starts none. begin() has work(of)
 * done there, or does it before it returns; wait() returns when it is done. They are called in turn, by the thread that
 * called the ledger.
 */
struct recourse_beside {
	void (*begin)(void *context, void (*work)(void *of), void *of);
	void (*wait)(void *context);
	void *context;
};

struct recourse_ledger_options {
	const char *directory;
	const char *guard;      /* the last-signed guard's path; NULL: DIRECTORY/last-signed */
	const char *log_key;    /* secret key file to sign checkpoints with; NULL: this one never signs */
	const char *system_key; /* secret key file that says clock.fire; NULL: clocks do not strike */
	bool read_only;         /* for auditors: no lock, no state rebuild; commit and sign are refused */
	bool rebuild;           /* throw the state away and make it again */
	uint64_t spare_bytes;   /* submits are refused with STORE_FULL where less room is left; 0: 64 MiB */
	/*
	 * Of a file in the state's directory that is given up when the disk is full after all, so that what is durable can
	 * be shown and a start come to its end, and made again when there is room. 0: none is made.
	 */
	uint64_t ballast_bytes;
	/*
	 * Signatures of requests are not looked at: whoever has a copy can try on it what others would say. It never
	 * signs (no log_key), and an audit that is not told of it finds the first request that was said so.
	 */
	bool rehearsal;
	/* Called while the state catches up with the log; may be NULL. */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *progress_context;
	/* Where half of that is done; NULL: by the thread that opens. */
	const struct recourse_beside *beside;
	/*
	 * Called with words for people about the files: one that was removed or replaced while it was open; a
	 * name that is not as it should be, before NOT_PERMITTED is returned, or where it is let be; a page
	 * that is damaged. From the thread that opens, writes or inspects. May be NULL.
	 */
	void (*tell)(void *context, const char *what);
	void *tell_context;
};

/*
 * Opens, and brings the state up to the log. STORE_LOCKED, STORE_CORRUPT, VERSION_UNKNOWN, IO, and
 * AUDIT_FAILED when replaying an entry does not give the bytes that are stored; NOT_PERMITTED where another user may
 * remove or replace what the ledger stands on, a name below the directory is a symbolic link, or a store lies on a
 * network file system.
 */
enum recourse_error recourse_ledger_open(
	const struct recourse_ledger_options *options, struct recourse_ledger **ledger);

/* All requests must be released and all threads be done. NULL is fine. */
void recourse_ledger_close(struct recourse_ledger *ledger);

/* Good until close; "" while the ledger is not opened by its first command. Writer's thread or quiet. */
const char *recourse_ledger_origin(const struct recourse_ledger *ledger);

/*
 * After a fault that was not the writer's: when it is opened again, all of its pages are looked at. The
 * writer's thread, or quiet.
 */
void recourse_ledger_doubt(struct recourse_ledger *ledger);

/*
 * Looks at some pages of log and state, some milliseconds' worth, while others write and ask: called again
 * and again, it comes by all of them, and then `*done`. STORE_CORRUPT, after telling which, IO: the process
 * must stop. One thread at a time.
 */
enum recourse_error recourse_ledger_inspect(struct recourse_ledger *ledger, bool *done);

/*
 * The path of the file of a ledger's store that is mapped at that address; NULL: none is. A page that the
 * disk does not give, or that somebody cut off, comes as SIGBUS, or SIGSEGV, to whoever reads it: that is no
 * error of the program's, and says nothing of the ledger. May be called by the signal's handler, which must
 * end the process.
 */
const char *recourse_ledger_mapped(const void *address);

/*
 * Whether it is a page of a store that misled LMDB, which believes what it reads: after it said that it met what can not
 * be, which it ends by SIGABRT; or where `instruction`, at which the process got its signal, is LMDB's own, or one of the C
 * library's, that copies or compares, and `caller` is LMDB's. Both may be NULL. For the same handler.
 */
bool recourse_ledger_misled(const void *instruction, const void *caller);

/*
 * What somebody said, for a field of the type note, which is the commitment to it: SHA-256("recourse-note-v1\n" ‖ random ‖
 * text). It is not signed and not in the log; it is sealed beside it with the first time that the request is taken.
 */
struct recourse_text {
	struct recourse_slice random; /* RECOURSE_TEXT_RANDOM_SIZE bytes */
	struct recourse_slice text;   /* UTF-8, 1 byte to RECOURSE_TEXT_SIZE_MAX */
};

/* A signed call as it came over the wire. Everything is borrowed for the length of the call. */
struct recourse_signed {
	struct recourse_slice key;         /* handle: name+hex8 */
	struct recourse_slice payload;     /* the exact bytes that were signed: JSON text or CBOR item */
	struct recourse_slice signature;   /* 64 bytes over "recourse-request-v1\n" ‖ payload */
	const struct recourse_text *texts; /* outside the signature: one for each note, and no others */
	size_t text_count;
};

/*
 * One signed call, checked for form, key, signature, origin, expiry, role and quota, and decoded. Owns copies of
 * what it needs. BUSY, with the quota, for a submit of a key or party that has had too much stored today. Any thread.
 */
struct recourse_request;
enum recourse_error recourse_request_prepare(struct recourse_ledger *ledger,
	const struct recourse_signed *call, uint64_t now, struct recourse_request **request,
	struct recourse_refusal *refusal);
void recourse_request_release(struct recourse_request *request);

/* Whether it is a `submit`, for the writer, rather than a query for recourse_request_query(). */
bool recourse_request_is_submit(const struct recourse_request *request);

/* How many commands it has: what a queue counts. */
size_t recourse_request_command_count(const struct recourse_request *request);

/* The number of the party whose key signed it, and that of the key. */
uint32_t recourse_request_party(const struct recourse_request *request);
uint32_t recourse_request_key(const struct recourse_request *request);

/*
 * Decides and makes durable a group of submits, in order. One thread at a time. `now` should not go back;
 * where it does, time in the ledger goes on from the last entry. `salts` are one random value for
 * each request.
 *
 * OK: every request has its outcome, durable (accepted or refused alike): recourse_request_reply().
 * STORE_FULL, MEMORY: none of the group took effect; later it may. Any other error: the outcome is unknown and the process must
 * stop without replying; opening again finds out.
 */
enum recourse_error recourse_ledger_commit(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE]);

/*
 * The same in steps, for a service in which one thread decides the next group while another keeps the one before. What is
 * decided is seen by what is decided after it, and by nobody else; it takes effect when it is kept. What is decided before
 * it is handed over is one group.
 *
 *     decides   decide 1   hand_over 1   decide 2   settle 1   hand_over 2   decide 3
 *     keeps                keep 1 ────────────────>            keep 2 ──────────────────>
 *
 * recourse_ledger_decide(), recourse_ledger_hand_over() and recourse_ledger_settle() are the writer's, one thread at a time;
 * recourse_ledger_keep() is any thread's, for what was handed over. One group is handed over at a time (asserted), and
 * settled, while nothing is kept, with what became of it. Whatever else is the writer's is so while nothing is kept; a
 * clock, a hold or a commit only where nothing that was decided waits to be handed over, either.
 *
 * An error of recourse_ledger_decide() undoes what that call decided. Where keeping failed, and it was told so to
 * recourse_ledger_settle(), everything is undone that was decided since, too. Errors as recourse_ledger_commit().
 */
enum recourse_error recourse_ledger_decide(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE]);
void recourse_ledger_hand_over(struct recourse_ledger *ledger);
enum recourse_error recourse_ledger_keep(struct recourse_ledger *ledger);

/*
 * Keeping in two steps, by one thread that is the writer, has decided nothing since, and answers between them: what it has
 * made durable need not be written to the state first. recourse_ledger_append() makes it durable; `*ahead`: it may be told, by
 * recourse_request_reply_ahead(). Who reads sees it when recourse_ledger_show() has ended, which follows unless appending
 * failed: whoever tells something before sees to it that nobody reads meanwhile, nor after an error of showing. Errors as
 * recourse_ledger_keep(); of recourse_ledger_show() OUTCOME_UNKNOWN and STORE_FAILED alone.
 *
 *     decide   hand_over   append   (answer)   show   settle
 */
enum recourse_error recourse_ledger_append(struct recourse_ledger *ledger, bool *ahead);
enum recourse_error recourse_ledger_show(struct recourse_ledger *ledger);
enum recourse_error recourse_ledger_settle(struct recourse_ledger *ledger, enum recourse_error kept);

/*
 * Whether the directory, the files of log and state, their locks and the guard are still those that are open:
 * STORE_FAILED, after telling which, when a name was removed or given to another. Then nothing may be acknowledged any
 * more, and the process must stop; a commit and a checkpoint look for themselves: recourse_ledger_append() for the names
 * without which nobody finds what was added, recourse_ledger_show() for the others. The writer's thread.
 */
enum recourse_error recourse_ledger_check_names(struct recourse_ledger *ledger);

/*
 * Lets all clocks strike that are due at `now`, some thousand at a time: each becomes an entry, signed by the system
 * key. `*next` is the instant of the next one, in the host's time; UINT64_MAX when there is none; `now` or less when
 * some are left; UINT64_MAX while clocks are held. NOT_PERMITTED without a system key, KEY_REVOKED or KEY_UNKNOWN with one that may not speak (any
 * more): nothing strikes then, and that is all; otherwise as recourse_ledger_commit(). The writer's thread.
 */
enum recourse_error recourse_ledger_tick(struct recourse_ledger *ledger, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *fired, uint64_t *next);

/* False while the ballast that was asked for is not there. The writer's thread. */
bool recourse_ledger_ballast(const struct recourse_ledger *ledger);

/*
 * Looks at the next rows of the state, at most so many, each against its seal, and at the end of all of them at their sum: what has
 * been changed in the file is found though nobody asked for it. `*whole`: it came to the end. STORE_CORRUPT, also where
 * the writer came upon such a row since this was opened: it is to be closed, and the next who opens it makes the state again
 * from the log. The writer's thread.
 */
enum recourse_error recourse_ledger_sweep(struct recourse_ledger *ledger, size_t rows, bool *whole);

/* What of rows and their seals there was to do since this was opened. The writer's thread. */
struct recourse_seals {
	uint64_t made;   /* rows that were written */
	uint64_t opened; /* rows that were read, and looked at */
	uint64_t bytes;  /* of both: keys, values, seals */
	uint64_t swept;  /* rows, by recourse_ledger_sweep() */
};
void recourse_ledger_seals(const struct recourse_ledger *ledger, struct recourse_seals *seals);

/*
 * What a service has to know to tell whether the host's clock can be believed, since the ledger has none: where time
 * stands in it, how far a clock may go astray, and whether all clocks are held because one did. Times are the host's.
 * The writer's thread. NOT_PERMITTED read-only.
 */
struct recourse_doubt {
	uint64_t host;    /* what the host's clock says */
	uint64_t counted; /* the time, counted on from when that clock was last right */
};
struct recourse_clocks {
	uint64_t entries;
	uint64_t requests;
	uint64_t last;               /* the last instant given out */
	uint64_t jump;               /* as published, in nanoseconds: further apart, the two are in doubt; */
	uint64_t gap;                /* over a stop of the service the host's may have run on so far */
	uint64_t held;               /* the entry by which all clocks are held; 0: they strike */
	struct recourse_doubt doubt; /* of the hold made last; all zeroes: there was none */
	uint64_t
		confirmed; /* the entry by which two people said that the host's clock was right then; 0: none */
};
enum recourse_error recourse_ledger_clocks(struct recourse_ledger *ledger, struct recourse_clocks *clocks);

/*
 * Holds all clocks by an entry of the system key, in place of an earlier hold where one is open; lets them strike again.
 * While they are held recourse_ledger_tick() does nothing, and requests are to be prepared and committed by what is
 * counted. NOT_PERMITTED where it is refused; otherwise as recourse_ledger_tick().
 */
enum recourse_error recourse_ledger_hold(struct recourse_ledger *ledger, const struct recourse_doubt *doubt,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *entry);
enum recourse_error recourse_ledger_release(struct recourse_ledger *ledger, uint64_t hold, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *entry);

/* Where the last-signed guard is. Good until close. */
const char *recourse_ledger_guard(const struct recourse_ledger *ledger);

/*
 * The next entry, committed since this was opened, that carried out a proposal without all of its approvals (H6): for
 * the service to say so. QUERY_NOT_FOUND when there is none that was not given out before. The writer's thread.
 */
enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry);

/*
 * Overwrites in a file, which is a copy of this ledger's notes.keys, the keys that it says were erased; `*count`: how many
 * still were there. Durable when it returns. Of a ledger that is open read_only, too. QUERY_NOT_FOUND where its state has
 * not followed its log; STORE_CORRUPT, VERSION_UNKNOWN for another file; IO, STORE_FULL, MEMORY. Any thread.
 */
enum recourse_error recourse_ledger_erase_in(
	struct recourse_ledger *ledger, const char *path, uint64_t *count);

/* Bytes that a function below gives away: free with recourse_bytes_free(), which overwrites them first. */
struct recourse_bytes {
	uint8_t *data;
	size_t size;
};
void recourse_bytes_free(struct recourse_bytes *bytes);

/*
 * The result of a committed submit as one CBOR item. The same for the first time and for every repetition,
 * since it is read back from the ledger. In mode `all` a refused command makes the whole submit return its
 * error with `refusal` filled in; in mode `each` refusals stand among the results. REQUEST_CONFLICT when the
 * request id was taken by other content. Any thread.
 *
 * What of that is not read back from the log is the text of a note that was unsealed: it is told once, to the request by
 * which that was decided, and to no repetition.
 *
 *   {"request": n, "time": t, "accepted": k, "first_entry": n,
 *    "results": [{"entry": n, "balances": [{"account": …, "balance": …}]} | {"error": …}]}
 *
 * A claim.file that repeats another claim has "linked_to" beside its entry: that of the first one.
 * With `detail` "brief" the results are the refused commands only, each with its index.
 */
enum recourse_error recourse_request_reply(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal);

/* The same, between recourse_ledger_append() and recourse_ledger_show(), in their thread. */
enum recourse_error recourse_request_reply_ahead(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal);

/* The exact bytes of an entry. QUERY_NOT_FOUND. Any thread. */
enum recourse_error recourse_ledger_entry(
	struct recourse_ledger *ledger, uint64_t number, struct recourse_bytes *bytes);

/* Runs a prepared query. The result is one CBOR item. Any thread. */
enum recourse_error recourse_request_query(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal);

/*
 * Runs a public method (service.info, log.checkpoint, log.proof.inclusion, log.proof.consistency);
 * `params` is a CBOR map, or of size 0. METHOD_UNKNOWN, SIGNATURE_REQUIRED for any other. Any thread.
 */
enum recourse_error recourse_ledger_public(struct recourse_ledger *ledger, struct recourse_slice method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal);

/*
 * Where the ledger stands: two that stand the same have the same history, and say the same of it. `facts` is over all
 * that follows from the entries, and not over the requests that were made: a request that was refused changes none of
 * it. Reads the whole state. The writer's thread.
 */
struct recourse_standing {
	uint64_t entries;
	uint8_t last[32]; /* leaf hash of the last entry, zero for none */
	uint8_t root[32]; /* of the tree over all entries */
	uint8_t facts[32];
};
enum recourse_error recourse_ledger_standing(
	struct recourse_ledger *ledger, struct recourse_standing *standing);

/*
 * Signs a checkpoint of everything committed, when there is more than the last one covers, and keeps it.
 * ROLLBACK or FORK when the guard remembers a longer or another history, also where there is nothing new to
 * sign: the service must not go on. The writer's thread.
 */
enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger);

/*
 * The offline audit of everything: chain, tree, checkpoints, signatures, authorisation, every command
 * decided again and every posting derived again into a scratch state, balances, invariants.
 */
/* A sum of amounts, wide enough for all that a log can hold. */
__extension__ typedef __int128 recourse_sum;

/* Who said that cash came or went, in steps of the unit: for the custodian to confirm that it was him (H3). */
struct recourse_audit_cash {
	char key[112]; /* handle */
	char party[72];
	char unit[16];
	uint64_t entries;
	recourse_sum in;
	recourse_sum out; /* zero or less */
};
enum { RECOURSE_AUDIT_CASH_MAX = 16 };

struct recourse_audit {
	uint64_t entries;     /* looked at */
	uint64_t entry_bytes; /* of them all */
	uint64_t requests;
	uint64_t postings;
	uint64_t first_time; /* of the entries; 0 while there is none */
	uint64_t last_time;
	uint64_t behind;         /* requests received by a host's clock that had been set back; expiry was */
	uint64_t most_behind;    /* held against that clock, which stood as many nanoseconds back at most */
	bool test;               /* opened for tests: its time may have been advanced */
	uint64_t overdue;        /* clocks that should have struck before the last entry; counted up to 64 */
	char overdue_first[200]; /* the earliest: what, of whom, since when */
	uint64_t late; /* clocks that struck, but only after other things had been decided for a minute */
	uint64_t late_entry;  /* or more while they were due: the first of them, by its entry */
	uint64_t most_late;   /* the longest after it was due, in nanoseconds */
	char late_first[256]; /* the first: what, of whom, due when */
	uint64_t clock_holds; /* times for which all clocks were held, since the host's clock had jumped; */
	uint64_t clock_hold_first; /* the first, by its entry, */
	uint64_t clock_hold_open;  /* the one that is open; 0: none is */
	uint64_t
		clocks_waited; /* clocks that struck when they ended; they are not among those that are late */
	uint64_t break_glass;  /* uses of it: proposals carried out without all approvals (H6) */
	uint64_t break_glass_open;       /* of which nobody has reviewed so many; */
	uint64_t break_glass_first_open; /* the first of them, by its entry */
	bool own_merchant; /* the party that runs the ledger is itself a merchant, an issuer, liable (H1) */
	bool own_issuer;
	bool own_liable;
	uint64_t checkpoints;
	uint64_t checkpoint_size; /* of the newest: entries from here on are not signed yet */
	size_t evidence;          /* how many pieces of it agree */
	uint64_t evidence_size;   /* entries that the furthest of them vouches for */
	bool failed;
	bool entry_known;
	uint64_t first_wrong; /* the first wrong entry */
	char what[400]; /* what is wrong with it; or, with IO, why it can not be read, if known; empty else */
	char origin[128];
	char log_key[176]; /* that the ledger names, and by which the checkpoints verify */
	uint8_t root[32];
	uint64_t tree_size;
	uint8_t state_digest[32]; /* of the state rebuilt from the log */
	bool state_compared;      /* the state beside the log was there to compare: it is the same */
	uint64_t state_entries;   /* as far as it has followed the log, and is compared */
	struct recourse_audit_cash cash[RECOURSE_AUDIT_CASH_MAX];
	size_t cash_count;
	uint64_t cash_left_out; /* movements by keys that found no room here */
};

/*
 * What somebody else kept of the ledger, as its text: a checkpoint (signed note), a receipt, or the guard's file.
 * A log that was written anew, with the log's own key, is right in itself: only what it contradicts shows it.
 */
struct recourse_evidence {
	const char *name; /* for what the audit says about it */
	struct recourse_slice text;
};
struct recourse_audit_options {
	const char *directory; /* of the ledger, or of a copy */
	const char *log_key;   /* vkey the log must be signed with; NULL: the one its first entry names */
	const char
		*scratch; /* a directory: the scratch state is on its disk, without a name; NULL: $TMPDIR */
	uint64_t
		rehearsed_from; /* signatures are not checked from this entry on: a rehearsal; 0: there is none */
	const struct recourse_evidence *evidence; /* that the log must agree with */
	size_t evidence_count;
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *progress_context;
	const struct recourse_beside *beside; /* where half of it is done; NULL: by the thread that calls */
};
/* OK when the audit could be made, whatever it found; AUDIT_FAILED with `failed` set when it found something. */
enum recourse_error recourse_ledger_audit(
	const struct recourse_audit_options *options, struct recourse_audit *audit);

/* ---- backups: the log as files, each of which goes on from the one before; backup_file.h, backup_piece.h ---- */

/* What is the matter with one, for who reads it to know what to do next. */
enum recourse_backup_fault {
	RECOURSE_BACKUP_SOUND,
	RECOURSE_BACKUP_CUT,     /* it ends early: it was not copied whole, or not written to its end */
	RECOURSE_BACKUP_CHANGED, /* what is there is not what was written */
	RECOURSE_BACKUP_KEY,     /* no key, a wrong one, or one for what is not sealed */
	RECOURSE_BACKUP_STRANGE, /* no backup, or another ledger's, or one that does not go on from the one before */
};

enum { RECOURSE_BACKUP_KEY_SIZE = 32 };

/* How far a piece comes. */
struct recourse_backup_head {
	uint64_t entries;
	uint64_t requests;
	uint64_t time;
	uint64_t signed_size; /* of the newest checkpoint; 0: none */
	uint8_t last[32];     /* leaf hash of the last entry */
	uint8_t link[32];     /* of the last request's record */
	uint8_t root[32];
};

/* A piece; or, with AUDIT_FAILED, what is the matter with it, in words. */
struct recourse_backup {
	char origin[128];
	char log_key[176];
	bool sealed;
	uint64_t made; /* by the clock of who made it */
	struct recourse_backup_head before;
	struct recourse_backup_head end;
	uint8_t id[32]; /* stands for all of its content */
	enum recourse_backup_fault fault;
	char what[400];
};

struct recourse_backup_write_options {
	const char *directory; /* the ledger's, which may be served meanwhile */
	const char *previous;  /* the file to go on from; NULL: all of the log */
	const char *file;      /* where it is written, which must not be there */
	const uint8_t *key;    /* to seal it, and the one before, with; NULL: they are plain */
	uint64_t made;
};

/*
 * Writes a piece with all that was acknowledged when it was called, and reads it back, through to the disk. OK without a file
 * where there is nothing new (`end` is `before`). AUDIT_FAILED with the fault, of the log or of the one before; EXISTS,
 * STORE_FULL, IO: nothing is left of it. NOT_PERMITTED on a network file system; as log_open().
 */
enum recourse_error recourse_backup_write(
	const struct recourse_backup_write_options *options, struct recourse_backup *backup);

/* Of which ledger, and how far its log has come (`end`, without link and root). As log_open(). */
enum recourse_error recourse_backup_look(const char *directory, struct recourse_backup *backup);

struct recourse_backup_read_options {
	const char *const *files; /* in their order, from the log's beginning on */
	size_t count;
	const uint8_t *key;
	const char *directory; /* whose log is made from them, which must not be there; NULL: they are checked */
	void (*each)(void *context, size_t file, const struct recourse_backup *piece); /* may be NULL */
	void *context;
};

/*
 * Checks the chain of all requests and entries, and all checkpoints, over all pieces. AUDIT_FAILED with the fault of the
 * first that is wrong, of which `*file` is the place in the list; IO, STORE_FULL, MEMORY.
 */
enum recourse_error recourse_backup_read(const struct recourse_backup_read_options *options,
	struct recourse_backup *backup, size_t *file);

/* The same of a log that may be written to meanwhile, as far as it has come: into a directory's log, for whoever audits it. */
enum recourse_error recourse_backup_copy(
	const char *directory, const char *to, struct recourse_backup *backup);

#endif
