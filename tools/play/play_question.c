/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_question.h"

#include "base/item.h"
#include "member.h"
#include "play/play_argument.h"
#include "play/play_expect.h"
#include "play/play_memory.h"
#include "recourse_client.h"

#include <stdlib.h>

/* ---- ? ---- */

struct question {
	size_t arguments; /* behind the last one */
	size_t expected;
	size_t expected_end;
	size_t refusal; /* the error's name; 0: none is expected */
};

static size_t find_word(const struct play_step *step, size_t first, const char *text)
{
	while (first < step->count && strcmp(step->words[first].text, text) != 0)
		first++;
	return first;
}

static void read_question(struct play_case *play, const struct play_step *step,
	const struct recourse_method *method, struct question *question)
{
	size_t refusal = find_word(step, 3, "!");
	size_t word = 3;
	while (word < refusal && play_argument_is(method, step->words[word].text, &play->arena))
		word++;
	*question = (struct question){.arguments = word, .expected = word, .expected_end = refusal};
	if (word < refusal && strcmp(step->words[word].text, ":") == 0)
		question->expected++;
	if (refusal < step->count)
		question->refusal = refusal + 1;
}

static void check_answer(struct play_case *play, const struct play_step *step,
	const struct question *question, const struct play_reply *reply)
{
	const char *came;
	slice item = slice_of(reply->item.data, reply->item.size);
	if (question->refusal > 0) {
		if (!play_expect_refusal(
			    play, step, question->refusal, step->count, reply->error, &reply->refusal, &came))
			play_case_fail(play, step, step->line,
				play_expect_words(play, step, question->refusal - 1, step->count), came);
	} else if (reply->error != RECOURSE_OK) {
		play_case_fail(play, step, step->line, "an answer",
			play_expect_show(play, reply->error, &reply->refusal));
	} else {
		play_expect_reply(play, step, question->expected, question->expected_end, item);
	}
}

void play_question_ask(struct play_case *play, const struct play_step *step)
{
	struct question question;
	struct play_reply reply;
	struct buffer params = {0};
	if (step->count < 3) {
		play_case_mistake(play, step, step->count, "? ACTOR QUERY");
		return;
	}
	if (play_case_ledger(play) == NULL)
		return;
	const char *name = step->words[2].text;
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	read_question(play, step, method, &question);
	const char *wrong = play_argument_write(&play->ledger->people, NULL, method, step->words + 3,
		question.arguments - 3, &play->arena, &params);
	if (wrong != NULL) {
		play_case_mistake(play, step, 2, wrong);
	} else {
		play_ledger_query(play->ledger, step->words[1].text, name, buffer_slice(&params), &reply);
		check_answer(play, step, &question, &reply);
		play_ledger_forget(&reply);
	}
	buffer_free(&params);
}

/* ---- = ---- */

struct balance {
	const char *code;
	const char *party;
	const char *reference;
	const char *amount;
	const char *unit;
};

static bool is_decimal(const char *text)
{
	return text[*text == '-'] != '\0' &&
	       text[(*text == '-') + strspn(text + (*text == '-'), "0123456789.")] == '\0';
}

static bool read_balance(struct play_case *play, const struct play_step *step, struct balance *balance)
{
	const char *names[] = {"", ""};
	size_t last = step->count - 1;
	*balance = (struct balance){.unit = play->unit};
	if (last >= 2 && !is_decimal(step->words[last].text))
		balance->unit = step->words[last--].text;
	if (last < 2 || last > 4 || !is_decimal(step->words[1].text) || !is_decimal(step->words[last].text)) {
		play_case_mistake(play, step, 1, "= CODE [PARTY [REFERENCE]] AMOUNT [UNIT]");
		return false;
	}
	if (balance->unit == NULL) {
		play_case_mistake(
			play, step, step->count, "a unit behind the amount, or before all `unit CNY`");
		return false;
	}
	for (size_t word = 2; word < last; word++)
		names[word - 2] = strcmp(step->words[word].text, "-") == 0 ? "" : step->words[word].text;
	balance->code = step->words[1].text;
	balance->amount = step->words[last].text;
	balance->party = names[0];
	balance->reference = names[1];
	return true;
}

static void write_account(const struct balance *balance, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "code", strtoll(balance->code, NULL, 10));
	item_write_pair_text(out, "unit", slice_text(balance->unit));
	if (*balance->party != '\0')
		item_write_pair_text(out, "party", slice_text(balance->party));
	if (*balance->reference != '\0')
		item_write_pair_text(out, "reference", slice_text(balance->reference));
	item_map_close(map, out);
}

static bool is_zero(const char *amount)
{
	return amount[strspn(amount, "0.")] == '\0';
}

static void check_balance(struct play_case *play, const struct play_step *step, const struct balance *balance,
	const struct play_reply *reply)
{
	slice text;
	const char *came;
	if (reply->error == RECOURSE_QUERY_NOT_FOUND)
		came = "0";
	else if (reply->error == RECOURSE_OK &&
		 member_text(slice_of(reply->item.data, reply->item.size), "balance", &text))
		came = play_memory_text(&play->arena, text);
	else
		came = play_expect_show(play, reply->error, &reply->refusal);
	bool same = strcmp(balance->amount, "0") == 0 ? is_zero(came) : strcmp(balance->amount, came) == 0;
	if (!same)
		play_case_fail(play, step, step->line, balance->amount, came);
}

void play_question_balance(struct play_case *play, const struct play_step *step)
{
	struct balance balance;
	struct play_reply reply;
	struct buffer params = {0};
	if (!read_balance(play, step, &balance) || play_case_ledger(play) == NULL)
		return;
	write_account(&balance, &params);
	play_ledger_query(play->ledger, play->reader, "account.balance", buffer_slice(&params), &reply);
	check_balance(play, step, &balance, &reply);
	play_ledger_forget(&reply);
	buffer_free(&params);
}

/* ---- entry ---- */

static void check_entry(struct play_case *play, const struct play_step *step, const struct play_reply *reply)
{
	struct recourse_bytes described = {0};
	slice bytes;
	enum recourse_error error = reply->error;
	if (error == RECOURSE_OK &&
		!member_bytes(slice_of(reply->item.data, reply->item.size), "bytes", &bytes))
		error = RECOURSE_MALFORMED;
	if (error == RECOURSE_OK)
		error = recourse_entry_describe(bytes, &described);
	bool has = step->count > 2 && strcmp(step->words[2].text, "has") == 0;
	size_t first = has ? 3 : 2;
	if (error == RECOURSE_OK)
		play_expect_reply(play, step, first, step->count, slice_of(described.data, described.size));
	else
		play_case_fail(
			play, step, step->line, "an entry", play_expect_show(play, error, &reply->refusal));
	recourse_bytes_free(&described);
}

void play_question_entry(struct play_case *play, const struct play_step *step)
{
	struct play_reply reply;
	struct buffer params = {0};
	if (step->count < 3 || !is_decimal(step->words[1].text)) {
		play_case_mistake(play, step, 1, "entry NUMBER has path=value, as entry $last has …");
		return;
	}
	if (play_case_ledger(play) == NULL)
		return;
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", strtoll(step->words[1].text, NULL, 10));
	play_ledger_query(play->ledger, play->reader, "entry.get", buffer_slice(&params), &reply);
	check_entry(play, step, &reply);
	play_ledger_forget(&reply);
	buffer_free(&params);
}
