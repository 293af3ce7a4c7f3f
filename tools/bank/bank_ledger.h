/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "asking.h"
#include "bank/bank_item.h"
#include "base/crypto.h"
#include "base/text.h"
#include "proof/payment_id.h"

/*
 * What the ledger says of payments, lines and files, by queries that a custodian's key may ask. MALFORMED: an answer
 * without what it has to have.
 */
struct bank_ledger {
	struct asking asking;
	char origin[BANK_ITEM_TEXT_SIZE];
	struct buffer rails; /* of struct bank_ledger_rail */
};

struct bank_ledger_rail {
	char name[BANK_ITEM_TEXT_SIZE];
	enum payment_id_alphabet alphabet;
	uint32_t length;
	bool group_stands; /* for each payment that is named beside it without a status of its own */
	bool exceptions;   /* and for each that is not named */
};

enum { BANK_LEDGER_WORD_SIZE = 24 }; /* of a unit's code, and of a state */
struct bank_ledger_payment {
	bool found;
	char claim[TEXT_ID_SIZE + 1];
	uint64_t order;
	char amount[AMOUNT_TEXT_SIZE];
	char unit[BANK_LEDGER_WORD_SIZE];
	char state[BANK_LEDGER_WORD_SIZE];
	bool ended; /* it was taken back, or ordered anew under another id: nothing more is sent by it */
};

/* A line of the custodian's statement. Not stated: commands named it, and `amount` is what they moved. */
struct bank_ledger_line {
	bool found;
	bool stated;
	bool booked; /* nothing of it is left */
	bool credit;
	char amount[AMOUNT_TEXT_SIZE];
	char unit[BANK_LEDGER_WORD_SIZE];
	char day[BANK_ITEM_DAY_SIZE];
	uint64_t statement; /* the entry that began the one in which it stands; 0: in none */
	uint64_t notice;
};

struct bank_ledger_file {
	bool found;
	char file[BANK_ITEM_TEXT_SIZE];
	char state[BANK_ITEM_TEXT_SIZE]; /* open, whole, … */
	uint64_t entry;
	uint64_t pieces; /* that are in */
	uint64_t lines_left;
	char credit_left[AMOUNT_TEXT_SIZE];
	char debit_left[AMOUNT_TEXT_SIZE];
};

static inline bool bank_ledger_is_open(const struct bank_ledger_file *file)
{
	return file->found && strcmp(file->state, "open") == 0;
}

/* Learns the ledger's name and its rails. */
enum recourse_error bank_ledger_open(struct bank_ledger *ledger, struct recourse_client *client);
void bank_ledger_close(struct bank_ledger *ledger);

/*
 * Looks for each of these ids and references, with as few questions as there are pages of BANK_LEDGER_PAGE in them; what
 * is found of one stands at its place. What can be no id of a payment is not found, and not asked for.
 */
enum { BANK_LEDGER_PAGE = 500 };
enum recourse_error bank_ledger_payments(struct bank_ledger *ledger, const char *const *ids, size_t count,
	struct bank_ledger_payment *payments);
enum recourse_error bank_ledger_lines(struct bank_ledger *ledger, const char *const *references, size_t count,
	struct bank_ledger_line *lines);

/*
 * The same of at most BANK_LEDGER_PAGE in two halves; between them others may be asked. What was asked is answered, with room for all
 * of them, or forgotten.
 */
struct bank_ledger_sought;
struct bank_ledger_question {
	const struct bank_ledger_sought *sought;
	struct recourse_pending *pending; /* NULL: none of them can be any */
	size_t of;
	size_t count; /* that are asked for, of them */
	size_t places[BANK_LEDGER_PAGE];
};
enum recourse_error bank_ledger_ask_payments(struct bank_ledger *ledger, const char *const *ids, size_t count,
	struct bank_ledger_question *question);
enum recourse_error bank_ledger_ask_lines(struct bank_ledger *ledger, const char *const *references,
	size_t count, struct bank_ledger_question *question);
enum recourse_error bank_ledger_answer(
	struct bank_ledger *ledger, struct bank_ledger_question *question, void *found);
void bank_ledger_forget(struct bank_ledger_question *question);

enum recourse_error bank_ledger_file(
	struct bank_ledger *ledger, const struct crypto_hash *hash, struct bank_ledger_file *file);

/*
 * Whose an id is that the ledger did not find: it has the form of one of its rails' ids, and its check is another's,
 * or is right, and then it is of this ledger and not for this custodian to pay.
 */
enum bank_ledger_whose { BANK_LEDGER_NOBODYS, BANK_LEDGER_FOREIGN, BANK_LEDGER_OWN };
enum bank_ledger_whose bank_ledger_whose(const struct bank_ledger *ledger, const char *id);

/*
 * What an item says of its payment: what is said of all of its message where its rail's terms are that this stands for each; and one
 * like which may have been paid is asked after, and nothing is sent again.
 */
enum bank_status bank_ledger_status(const struct bank_ledger *ledger, const struct bank_item *item);
