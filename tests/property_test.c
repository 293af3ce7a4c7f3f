/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "property_words.h"

#include "base/buffer.h"

#include "books/record_ledger.h"
#include "books/account.h"
#include "rule/rule.h"
#include "rules/rail/payment_batch.h"
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Random commands (property_words.h): other ones each time in `make trial`, or of SEED; in `make test` the same. HISTORY=FILE
 * writes what was accepted as a scenario, which tests/shrink.py makes as short as can be. After each request a
 * model that only adds up the postings of the entries, and knows no rule, must agree with every balance; no
 * account may cross zero; a refusal must leave no trace. At the end the audit finds nothing, and the rebuilt
 * state is the same.
 */
enum { ACCEPTED = 300, STEPS = 6000, ACCOUNTS_MAX = 2048, COMMANDS = 4, KINDS_MAX = 256 };

struct model_account {
	uint16_t code;
	char party[TEXT_ID_SIZE + 1];
	char reference[TEXT_ID_SIZE + 1];
	char unit[UNIT_CODE_SIZE + 1];
	int64_t balance;
};

struct world {
	struct kit *kit;
	struct words words;
	FILE *history; /* where HISTORY names a file; NULL */
	struct model_account accounts[ACCOUNTS_MAX];
	size_t account_count;
	uint64_t entries;          /* that the model has seen */
	unsigned kinds[KINDS_MAX]; /* entries by the row of their command */
	unsigned accepted;
	unsigned refused;
};

/* ---- the model ---- */

static void copy(char *to, size_t size, slice from)
{
	assert_true(from.size < size);
	memcpy(to, from.data, from.size);
	to[from.size] = '\0';
}

static void add_posting(struct world *world, const struct entry_posting *posting)
{
	struct model_account new = {.code = posting->code};
	copy(new.party, sizeof new.party, posting->party);
	copy(new.reference, sizeof new.reference, posting->reference);
	copy(new.unit, sizeof new.unit, posting->unit);
	for (size_t index = 0; index < world->account_count; index++) {
		struct model_account *known = &world->accounts[index];
		if (known->code == new.code && strcmp(known->party, new.party) == 0 &&
			strcmp(known->reference, new.reference) == 0 && strcmp(known->unit, new.unit) == 0) {
			known->balance += posting->steps;
			return;
		}
	}
	assert_true(world->account_count < ACCOUNTS_MAX);
	new.balance = posting->steps;
	world->accounts[world->account_count++] = new;
}

static void count_kind(struct world *world, slice kind)
{
	size_t row = 0;
	while (area_command_at(row) != area_command(kind))
		row++;
	assert_true(row < KINDS_MAX);
	world->kinds[row]++;
}

static void show_kinds(const struct world *world)
{
	print_message("%u requests did something, %u nothing; never: ", world->accepted, world->refused);
	for (size_t row = 0; area_command_at(row) != NULL; row++) {
		if (world->kinds[row] == 0)
			print_message("%s ", area_command_at(row)->method.name);
	}
	print_message("\n");
}

/* Of a batch its count and total, as whoever checks it counts; of an order its claim. */
static void note_payment(struct world *world, const struct entry *entry)
{
	slice id;
	slice total;
	if (slice_is(entry->kind, "batch.make")) {
		struct record_payment_batch batch;
		SCOPED(state_snapshot_end) struct state_view *view = NULL;
		assert_ok(entry_body_text(entry, "batch", &id));
		assert_ok(entry_body_text(entry, "total", &total));
		const struct record_path path = payment_batch_path(id);
		assert_ok(state_snapshot_open(world->kit->ledger->state, &view));
		assert_ok(record_get(view, &path, &batch, sizeof batch));
		words_note_batch(&world->words, id, (unsigned)batch.count, total);
	}
	if (slice_is(entry->kind, "payout.instruct") || slice_is(entry->kind, "payout.reissue")) {
		assert_ok(entry_body_text(entry, "claim", &id));
		words_note_order(&world->words, id, entry->number);
	}
}

/* So that later commands can name it. */
static void note(struct world *world, const struct entry *entry)
{
	slice carried;
	bool proposes = area_command(entry->kind)->method.approvals > 0;
	words_note(&world->words, entry->kind, entry->number, proposes);
	note_payment(world, entry);
	if (entry_carried_text(entry, "command", &carried) == RECOURSE_OK) {
		count_kind(world, carried);
		words_note(&world->words, carried, entry->number, false);
	}
}

static void add_entry(struct world *world, struct log_snapshot *log, uint64_t number)
{
	int64_t books[CHART_BOOKS][2] = {{0}};
	struct entry_posting posting;
	struct entry entry;
	slice bytes;
	assert_ok(log_read_entry(log, number, &bytes));
	assert_ok(entry_decode(bytes, &entry));
	assert_int_equal(entry.number, number);
	count_kind(world, entry.kind);
	note(world, &entry);
	struct entry_postings walk = entry_postings(&entry);
	while (entry_postings_next(&walk, &posting)) {
		const struct chart_row *row = chart_find(posting.code);
		assert_non_null(row);
		assert_true(posting.steps != 0);
		books[row->book][slice_is(posting.unit, "CNY")] += posting.steps;
		add_posting(world, &posting);
	}
	for (size_t book = 0; book < CHART_BOOKS; book++) {
		assert_int_equal(books[book][0], 0);
		assert_int_equal(books[book][1], 0);
	}
}

static size_t count_accounts(struct state_view *view)
{
	const struct record_path prefix = record_path_of(RECORD_ACCOUNT);
	size_t count = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		count++;
	assert_ok(walk.error);
	return count;
}

static void check_balances(const struct world *world)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	assert_ok(state_snapshot_open(world->kit->ledger->state, &view));
	for (size_t index = 0; index < world->account_count; index++) {
		const struct model_account *known = &world->accounts[index];
		struct record_account account;
		struct record_path path = account_path(known->code, slice_text(known->party),
			slice_text(known->reference), slice_text(known->unit));
		assert_ok(record_get(view, &path, &account, sizeof account));
		assert_int_equal(account.balance, known->balance);
		if (chart_find(known->code)->side == CHART_DEBIT)
			assert_true(known->balance >= 0);
		else
			assert_true(known->balance <= 0);
	}
	assert_int_equal(count_accounts(view), world->account_count);
}

static void check(struct world *world)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	assert_ok(log_snapshot_open(world->kit->ledger->log, &log));
	while (world->entries < kit_entries(world->kit))
		add_entry(world, log, world->entries++);
	check_balances(world);
}

/* ---- the commands ---- */

/* What is said in one request. */
struct said {
	struct buffer params;
	struct buffer shown[COMMANDS]; /* each as a scenario says it */
	size_t count;
};

static void say_command(struct world *world, const struct words_template *template, struct said *said)
{
	SCOPED(buffer_free) struct buffer text = {0};
	struct buffer *shown = &said->shown[said->count];
	if (said->count > 0)
		buffer_append_text(&said->params, ",");
	words_say(&world->words, template, &text, shown);
	buffer_append(&text, "", 1);
	buffer_append(shown, "", 1);
	SCOPED(support_free) char *command = kit_command(world->kit, (char *)text.data);
	buffer_append_text(&said->params, command);
	said->count++;
}

static void said_free(struct said *said)
{
	buffer_free(&said->params);
	for (size_t index = 0; index < said->count; index++)
		buffer_free(&said->shown[index]);
}

/* Of what breaks the ledger down nothing more is written: it is the last that was tried. */
static void show_tried(const struct world *world, const char *key, const struct said *said)
{
	for (size_t index = 0; world->history != NULL && index < said->count; index++)
		fprintf(world->history, "# %s %s\n", key, (char *)said->shown[index].data);
	if (world->history != NULL)
		fflush(world->history);
}

/* The history as a scenario, which tests/shrink.py makes as short as can be. */
static void show_said(const struct world *world, const char *key, const struct said *said, uint64_t entries)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	if (world->history == NULL)
		return;
	assert_ok(log_snapshot_open(world->kit->ledger->log, &log));
	for (; entries < kit_entries(world->kit); entries++) {
		struct entry entry;
		slice bytes;
		assert_ok(log_read_entry(log, entries, &bytes));
		assert_ok(entry_decode(bytes, &entry));
		assert_true(entry.request_index < said->count);
		fprintf(world->history, "e%llu := %s %s\n", (unsigned long long)entries, key,
			(char *)said->shown[entry.request_index].data);
	}
	fflush(world->history);
}

/* Sends it: what is refused leaves nothing behind. */
static bool send(struct world *world, const char *key, const char *mode, struct said *said)
{
	SCOPED(buffer_free) struct buffer params = {0};
	char id[32];
	uint8_t before[32];
	uint8_t after[32];
	uint64_t entries = kit_entries(world->kit);
	buffer_append_format(&params, "{\"mode\":\"%s\",\"commands\":[", mode);
	buffer_append(&params, said->params.data, said->params.size);
	buffer_append(&params, "]}", 3);
	snprintf(id, sizeof id, "s-%llu", (unsigned long long)++world->kit->requests);
	bool looks = words_below(&world->words, 8) == 0;
	show_tried(world, key, said);
	if (looks)
		kit_digest(world->kit, before);
	enum recourse_error error = kit_request(world->kit, key, id, (char *)params.data, NULL);
	if (error != RECOURSE_OK && (error < RECOURSE_MALFORMED || error > RECOURSE_NOT_PERMITTED))
		print_message("%s %s\n", key, (char *)params.data);
	assert_true(error < RECOURSE_NOTE_MALFORMED);
	if (error != RECOURSE_OK || kit_entries(world->kit) == entries) {
		if (looks) {
			kit_digest(world->kit, after);
			assert_memory_equal(before, after, sizeof before);
		}
		assert_int_equal(kit_entries(world->kit), entries);
		world->refused++;
	} else {
		show_said(world, key, said, entries);
		world->accepted++;
	}
	if (kit_entries(world->kit) > entries)
		check(world);
	return error == RECOURSE_OK;
}

static void step(struct world *world)
{
	static const char *const keys[] = {"admin", "agent", "maker", "payer", "checker", "bank", "teller",
		"merchant", "auditor", "boss"};
	SCOPED(said_free) struct said said = {0};
	struct words *words = &world->words;
	const struct words_template *first = words_choose(words);
	const char *key = words_below(words, 20) == 0 ? keys[words_below(words, 10)] : first->key;
	say_command(world, first, &said);
	for (unsigned more = words_below(words, 2) * words_below(words, COMMANDS); more > 0; more--) {
		const struct words_template *next = words_choose(words);
		say_command(world, next->key == first->key ? next : first, &said);
	}
	if (send(world, key, words_below(words, 2) == 0 ? "all" : "each", &said))
		words_took(words, first);
}

/* Clocks strike: windows close, exits come to their end, appeals lapse. */
static void let_pass(struct world *world)
{
	static const unsigned hours[] = {1, 24, 24, 24, 3 * 24, 8 * 24, 8 * 24, 16 * 24, 30 * 24, 95 * 24};
	unsigned some = hours[words_below(&world->words, sizeof hours / sizeof hours[0])];
	kit_wait(world->kit, some * UINT64_C(3600));
	if (world->history != NULL)
		fprintf(world->history, "wait %u hours\n", some);
	check(world);
}

static const char opening[] =
	"admin party.register party=liquidator kinds=liquidator\n"
	"admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 "
	"id_alphabet=upper\n"
	"    lines=9 query_days=30 awaiting_hours=24\n"
	"policy half scheme=percentage rate=50.00 unclaimed_notices=1 waterfall=rank:1,claim:uncovered\n"
	"    waterfall=rank:1,claim:advances waterfall=rank:2,claim:interest\n"
	"policy pool scheme=deposit-only waterfall=rank:1,claim:costs\n"
	"policy capped scheme=capped cap=1.00 unclaimed_notices=1 unclaimed_days=1 "
	"waterfall=rank:1,claim:costs "
	"waterfall=rank:1,claim:interest\n"
	"    waterfall=rank:2,claim:advances waterfall=rank:3,claim:uncovered\n"
	"policy interim scheme=percentage rate=80.00 interim=60.00 no_disadvantage=yes\n"
	"    waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances\n"
	"policy orders scheme=deposit-only freeze=claimed claim_days:=3650\n"
	"    waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances\n"
	"admin calendar.publish calendar=west year=2016 version=1 weekend=sunday offset_minutes=-720\n"
	"key judge P approver\n";

/* What the first commands of a history are, so that much is there soon. */
static const struct words_template beginnings[] = {
	{0, "bank", "deposit.receive merchant=G amount=50.00 unit=CNY bank_reference=g"},
	{0, "maker",
		"incident.declare incident=i-0 merchant=M issuer=Y funder=P custodian=bank policy=fuel-card "
		"version=1 reason=r"},
	{0, "maker",
		"incident.declare incident=i-1 issuer=Y funder=P custodian=bank policy=half version=1 "
		"reason=r"},
};

static void begin(struct world *world)
{
	kit_play(world->kit, "%s", opening);
	if (world->history != NULL)
		fprintf(world->history, "%scase as it came\n", opening);
	check(world);
	for (size_t row = 0; row < sizeof beginnings / sizeof beginnings[0]; row++) {
		SCOPED(said_free) struct said said = {0};
		say_command(world, &beginnings[row], &said);
		assert_true(send(world, beginnings[row].key, "all", &said));
	}
}

static void test_random_commands(void **state)
{
	static struct world world;
	const char *history = getenv("HISTORY");
	uint8_t held[32];
	uint8_t rebuilt[32];
	memset(&world, 0, sizeof world);
	world.kit = *state;
	if (support_times(0, 1) == 0)
		setenv("SEED", "1", false);
	words_start(&world.words);
	if (history != NULL) {
		world.history = fopen(history, "w");
		assert_non_null(world.history);
		fprintf(world.history, "include world.case\n");
	}
	begin(&world);
	for (unsigned number = 1; number <= STEPS && world.accepted < ACCEPTED; number++) {
		world.words.step = world.accepted;
		step(&world);
		if (words_below(&world.words, 160) == 0)
			let_pass(&world);
		if (number % 1500 == 0)
			kit_reopen(world.kit, number % 3000 == 0);
	}
	show_kinds(&world);
	assert_true(world.accepted > ACCEPTED / 4);
	assert_true(world.refused > ACCEPTED / 4);
	kit_digest(world.kit, held);
	kit_audit(world.kit);
	kit_reopen(world.kit, true);
	kit_digest(world.kit, rebuilt);
	assert_memory_equal(held, rebuilt, sizeof held);
	if (world.history != NULL)
		fclose(world.history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_random_commands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
