/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOURSE_H
#define RECOURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What every part of Recourse shares: the version, borrowed bytes, and the one list of errors.
 *
 * Error values are fixed for ever: they travel on the wire, are stored in the log beside refused
 * commands, and are what programs switch on. A new one takes a new number; none is reused.
 *
 *   0          success
 *   100..199   the request is refused before any rule is asked: its form, its key, its role
 *   200..299   a rule refuses the command: deterministic, touches nothing, the same on replay
 *   800..899   something does not verify: a signature, a proof, a history
 *   900..999   a fault: the machine, the disk, the network; says nothing about the command
 */
#define RECOURSE_VERSION "0.1.0"

/* A warning where what a function returns is not looked at; before the name of a type: what any function returns of it. */
#define RECOURSE_CHECK __attribute__((warn_unused_result))
#ifdef __clang__
#define RECOURSE_CHECK_TYPE RECOURSE_CHECK
#else
#define RECOURSE_CHECK_TYPE [[nodiscard]] /* as gcc calls it of types, before C23 too */
#endif

enum RECOURSE_CHECK_TYPE recourse_error {
	RECOURSE_OK = 0,

	RECOURSE_MALFORMED = 100,          /* not one JSON text or CBOR item of the accepted subset */
	RECOURSE_METHOD_UNKNOWN = 101,     /* no method or command of that name */
	RECOURSE_FIELD_UNKNOWN = 102,      /* a member that the method does not have */
	RECOURSE_FIELD_MISSING = 103,      /* a required member is absent */
	RECOURSE_FIELD_DUPLICATE = 104,    /* a member given twice */
	RECOURSE_FIELD_TYPE = 105,         /* text where an integer belongs, and the like */
	RECOURSE_FIELD_LIMIT = 106,        /* too long, too short, too large, too many */
	RECOURSE_FIELD_FORMAT = 107,       /* not an id, hash, time, decimal or choice as described */
	RECOURSE_TOO_LARGE = 108,          /* the message exceeds the size or depth limit */
	RECOURSE_SIGNATURE_REQUIRED = 110, /* the method must be called through `signed` */
	RECOURSE_SIGNATURE_INVALID = 111,  /* the signature does not fit key and payload */
	RECOURSE_KEY_UNKNOWN = 112,        /* no such key in this ledger, or the signature is not by it */
	RECOURSE_KEY_REVOKED = 113,        /* the key was revoked by an entry */
	RECOURSE_ROLE_MISSING = 114,       /* the key does not hold a role that may do this */
	RECOURSE_ORIGIN_WRONG = 115,       /* the request was signed for another ledger */
	RECOURSE_REQUEST_EXPIRED = 116,    /* arrived after the time it named itself */
	RECOURSE_REQUEST_CONFLICT = 117,   /* this request id was used before with other content */
	RECOURSE_QUERY_NOT_FOUND = 118,    /* nothing of that name that this key may see */

	RECOURSE_UNIT_UNKNOWN = 200,      /* neither ISO 4217 nor defined in this ledger */
	RECOURSE_UNIT_MISMATCH = 201,     /* yuan where litres belong */
	RECOURSE_AMOUNT_DIGITS = 202,     /* not exactly the digits of the unit, or off its step */
	RECOURSE_AMOUNT_RANGE = 203,      /* zero, negative, or above what the rule allows */
	RECOURSE_OVERFLOW = 204,          /* the result does not fit 64 bits */
	RECOURSE_EXISTS = 205,            /* that id is taken */
	RECOURSE_NOT_FOUND = 206,         /* the command names something that is not there */
	RECOURSE_STATE_WRONG = 207,       /* its life does not allow that step from where it stands */
	RECOURSE_INSUFFICIENT = 208,      /* less available than needed */
	RECOURSE_SAME_PERSON = 209,       /* two steps that need different people */
	RECOURSE_CUSTODIAN_WRONG = 210,   /* the money lies with another custodian */
	RECOURSE_EVIDENCE_MISSING = 211,  /* no evidence state was recorded */
	RECOURSE_EVIDENCE_CONFLICT = 212, /* quantity and evidence state contradict each other */
	RECOURSE_POLICY_WRONG = 213,      /* not in force, or not of this kind */
	RECOURSE_WINDOW_CLOSED = 214,     /* before or after what it names: a bar date, an expiry, a day */
	RECOURSE_SHARES_WRONG = 215,      /* shares are empty, repeated or do not sum up */
	RECOURSE_EXCEEDS_LOSS = 216,      /* more than the provable loss or the liability */
	RECOURSE_ENTRY_TOO_LARGE = 217,   /* the entry would exceed 16 KiB, or 174 postings */
	RECOURSE_ABORTED = 218,           /* mode all: another command of the request was refused */
	RECOURSE_NOT_PERMITTED = 219,     /* the role fits, the party or the circumstances do not */

	RECOURSE_NOTE_MALFORMED = 800, /* not a signed note, checkpoint or receipt */
	RECOURSE_NOTE_UNSIGNED = 801,  /* no signature by the key that is asked for */
	RECOURSE_NOTE_FORGED = 802,    /* a known key's signature that does not verify */
	RECOURSE_PROOF_WRONG = 803,    /* the proof does not lead to the root */
	RECOURSE_ROLLBACK = 804,       /* a history shorter than one already seen */
	RECOURSE_FORK = 805,           /* a history that contradicts one already seen */
	RECOURSE_KEY_MALFORMED = 806,  /* not a key in the note form */
	RECOURSE_AUDIT_FAILED = 807,   /* the audit names the entry */

	RECOURSE_BUSY = 900,            /* queue full: send the same request again later */
	RECOURSE_STOPPING = 901,        /* the service is draining: send the same request again */
	RECOURSE_STORE_FULL = 902,      /* no room on the disk: nothing was written */
	RECOURSE_STORE_FAILED = 903,    /* the store reports an error; nothing is acknowledged */
	RECOURSE_STORE_CORRUPT = 904,   /* what was read is not what was written */
	RECOURSE_STORE_LOCKED = 905,    /* another process has this ledger open */
	RECOURSE_VERSION_UNKNOWN = 906, /* written by a version that this one does not know */
	RECOURSE_OUTCOME_UNKNOWN = 907, /* a commit whose fate is not known: ask with the same id */
	RECOURSE_MEMORY = 908,          /* out of memory */
	RECOURSE_IO = 909,              /* a file can not be read or written */
	RECOURSE_CONNECTION = 910,      /* the service can not be reached */
	RECOURSE_TIMED_OUT = 911,       /* no answer in time: ask with the same id */
	RECOURSE_INTERNAL = 912,        /* a programmer's error was stopped before it did harm */
};

/* One sentence for people. Never NULL; a value from a newer version gives "unknown error". */
const char *recourse_error_text(enum recourse_error error);

/* The stable upper-case name without the prefix, such as "INSUFFICIENT". Never NULL. */
const char *recourse_error_name(enum recourse_error error);

/* Whether sending the very same request again may succeed (BUSY, STOPPING, STORE_FULL, …). */
bool recourse_error_retry(enum recourse_error error);

/* Bytes that belong to somebody else. The function that hands one out says until when it is good. */
struct recourse_slice {
	const uint8_t *data;
	size_t size;
};

#endif
