/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/member.h"
#include "../tools/outcome.h"
#include "../tools/play/play_run.h"
#include "base/instant.h"
#include "base/item.h"
#include "support.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What each rule has to find out by itself, for every field of every command: that what the field names is there, and
 * that an amount has the digits of its unit, is more than nothing, and can be counted. What is wrong in form is in
 * forms_test.c.
 *
 * Commands that would be accepted come from the scenarios: they are played, and before a ledger is told something that
 * no scenario has said yet, it is told the same of nobody, and of amounts that are none. Each must be refused for that,
 * in both modes, and touch nothing; so little that the scenario then goes on as ever.
 */
enum { METHODS_MAX = 512, FIELDS_MAX = 32 };

/* Commands that are accepted in no scenario. */
static const char *const unsaid[] = {
	"ledger.open", /* it is said before a scenario begins */
	"rule.adopt",  /* each rule has one version so far */
	NULL,
};

/* Fields in whatever command: nothing has to be there under what they say. */
static const char *const words[] = {"ground", "reason", "bank_reference", "channel", "holder", "reference",
	"source", "batch", "rule", "excuse", "note", "held_by", "rail", "file", "code", "through", NULL};

/* These name parties, which are there before they are named. */
static const char *const parties[] = {"merchant", "issuer", "funder", "provider", "custodian", "payer", NULL};

/* These may be nothing. */
static const char *const zeroes[] = {"balance", "deductible", "credit", "debit", "opening", "closing", NULL};

static struct {
	bool accepted;
	bool fields[FIELDS_MAX]; /* with a value */
} seen[METHODS_MAX];
static const struct recourse_method *methods[METHODS_MAX]; /* each at its index, then NULL */
static size_t tried;
static size_t wrong;

/* What is tried: a command that would be accepted, from that actor, by that ledger, with another value of a field. */
struct trial {
	struct play_ledger *ledger;
	const char *actor;
	const struct recourse_method *method;
	slice command;
	const struct recourse_field *field;
	slice value; /* within the command */
};

static void (*submit_plainly)(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply);

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(name, *names) != 0)
		names++;
	return *names != NULL;
}

/* ---- telling the ledger ---- */

static enum recourse_error take_refusal(void *context, const struct outcome_result *result)
{
	struct recourse_refusal *refusal = context;
	if (result->refused)
		*refusal = result->refusal;
	return RECOURSE_OK;
}

/* One or two commands, at the time of what was said last: no time passes. Says why the first that is refused is. */
static void send(
	const struct trial *trial, bool each, slice first, slice second, struct recourse_refusal *refusal)
{
	static size_t number;
	char id[32];
	struct outcome outcome;
	struct play_reply reply = {.refusal = {.command = -1}};
	SCOPED(buffer_free) struct buffer commands = {0};
	snprintf(id, sizeof id, "nobody-%zu", ++number);
	item_write_array(&commands, second.size > 0 ? 2 : 1);
	buffer_append(&commands, first.data, first.size);
	buffer_append(&commands, second.data, second.size);
	const struct play_submission submission = {
		.actor = trial->actor, .id = id, .each = each, .commands = buffer_slice(&commands)};
	trial->ledger->now -= INSTANT_SECOND; /* which the request takes */
	submit_plainly(trial->ledger, &submission, &reply);
	*refusal = reply.refusal;
	refusal->error = reply.error;
	if (reply.error == RECOURSE_OK) { /* in mode each it stands among the results */
		assert_ok(outcome_read(slice_of(reply.item.data, reply.item.size), &outcome));
		assert_ok(outcome_each(&outcome, take_refusal, refusal));
	}
	play_ledger_forget(&reply);
}

/* Before something that is refused whoever says it, so that nothing is left of it. */
static bool would_accept(const struct trial *trial, slice command, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer never = {0};
	item_write_map(&never, 2);
	item_write_pair_text(&never, "command", slice_text("proposal.approve"));
	item_write_pair_integer(&never, "proposal", INT64_MAX);
	send(trial, false, command, buffer_slice(&never), refusal);
	assert_int_not_equal(refusal->error, RECOURSE_OK);
	return refusal->command == 1;
}

/* The command with the other value in its place. */
static void write_command(const struct trial *trial, slice value, struct buffer *out)
{
	const uint8_t *behind = trial->value.data + trial->value.size;
	buffer_append(out, trial->command.data, (size_t)(trial->value.data - trial->command.data));
	buffer_append(out, value.data, value.size);
	buffer_append(out, behind, (size_t)(trial->command.data + trial->command.size - behind));
}

static void expect(const struct trial *trial, enum recourse_error error, slice value)
{
	struct recourse_standing before = {0};
	struct recourse_standing after = {0};
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer command = {0};
	const char *field = trial->field->name;
	write_command(trial, value, &command);
	assert_ok(play_ledger_stand(trial->ledger, &before));
	bool good = !would_accept(trial, buffer_slice(&command), &refusal) && refusal.error == error &&
		    strcmp(refusal.field, field) == 0;
	if (good) {
		send(trial, true, buffer_slice(&command), slice_of(NULL, 0), &refusal);
		good = refusal.error == error && strcmp(refusal.field, field) == 0;
	}
	assert_ok(play_ledger_stand(trial->ledger, &after));
	assert_memory_equal(&before, &after, sizeof after);
	tried++;
	wrong += !good;
	if (!good)
		print_message("%s by %s: expected %s %s, came %s %s\n", trial->method->name, trial->actor,
			recourse_error_name(error), field, recourse_error_name(refusal.error), refusal.field);
}

/* ---- what is not there ---- */

/* What is said instead of a name. Of size 0: the field has none. */
static void write_nobody(const struct trial *trial, struct buffer *value)
{
	char handle[KEY_HANDLE_SIZE + 1];
	if (trial->field->type == RECOURSE_FIELD_ID)
		item_write_text(value, slice_text("nobody"));
	if (trial->field->type == RECOURSE_FIELD_UNIT)
		item_write_text(value, slice_text("XYZ"));
	if (trial->field->type == RECOURSE_FIELD_INTEGER && trial->field->maximum == INT64_MAX)
		item_write_integer(value, 999999); /* an entry */
	if (trial->field->type == RECOURSE_FIELD_HANDLE) {
		play_people_handle(&trial->ledger->people, "nobody", handle);
		item_write_text(value, slice_text(handle));
	}
}

static enum recourse_error error_of(const struct trial *trial)
{
	const char *name = trial->field->name;
	if (trial->field->type == RECOURSE_FIELD_UNIT)
		return RECOURSE_UNIT_UNKNOWN;
	if (strcmp(name, "order") == 0)
		return RECOURSE_STATE_WRONG; /* the claim has another one */
	if (strcmp(name, "beneficiary") == 0)
		return RECOURSE_INSUFFICIENT; /* nothing is owed to nobody */
	/* I3: who speaks for itself only is told the same of another's and of nobody's */
	bool own = strcmp(name, "merchant") == 0 || strcmp(name, "exit") == 0;
	if (strcmp(name, "key") == 0)
		return strcmp(trial->actor, "admin") == 0 ? RECOURSE_NOT_FOUND : RECOURSE_NOT_PERMITTED;
	return own && strcmp(trial->actor, "merchant") == 0 ? RECOURSE_NOT_PERMITTED : RECOURSE_NOT_FOUND;
}

/* Said twice, it is there already, or that version of it: so the command begins what the field names. */
static bool begins(const struct trial *trial)
{
	struct recourse_refusal refusal;
	const char *name = trial->field->name;
	if (is_one_of(name, parties))
		return false;
	if (trial->method->approvals > 0)
		return strcmp(name, "write_off") == 0 || strcmp(name, "recovery") == 0 ||
		       strcmp(trial->method->name, "evidence.add") == 0; /* two may propose it */
	send(trial, false, trial->command, trial->command, &refusal);
	return refusal.command == 1 &&
	       ((refusal.error == RECOURSE_EXISTS && strcmp(refusal.field, name) == 0) ||
		       strcmp(refusal.field, "version") == 0);
}

static void try_nobody(const struct trial *trial)
{
	SCOPED(buffer_free) struct buffer value = {0};
	SCOPED(buffer_free) struct buffer command = {0};
	struct recourse_refusal refusal;
	write_nobody(trial, &value);
	write_command(trial, buffer_slice(&value), &command);
	if (value.size > 0 && !(would_accept(trial, buffer_slice(&command), &refusal) &&
				      (is_one_of(trial->field->name, words) || begins(trial))))
		expect(trial, error_of(trial), buffer_slice(&value));
}

/* ---- amounts ---- */

static void try_text(const struct trial *trial, enum recourse_error error, const char *text)
{
	SCOPED(buffer_free) struct buffer value = {0};
	item_write_text(&value, slice_text(text));
	expect(trial, error, buffer_slice(&value));
}

/* One digit more than its unit has, none of them, nothing, and more than 64 bits of steps. */
static void try_amount(const struct trial *trial)
{
	static const char most[] = "9223372036854775808";
	slice reader = trial->value;
	struct item item;
	char text[64];
	assert_ok(item_read_type(&reader, ITEM_TEXT, &item));
	const uint8_t *point = memchr(item.string.data, '.', item.string.size);
	size_t digits = point == NULL ? 0 : (size_t)(item.string.data + item.string.size - point) - 1;
	int whole = (int)(sizeof most - 1 - digits);
	snprintf(text, sizeof text, "1.%0*d", (int)digits + 1, 0);
	try_text(trial, RECOURSE_AMOUNT_DIGITS, text);
	if (digits > 0)
		try_text(trial, RECOURSE_AMOUNT_DIGITS, "1");
	snprintf(text, sizeof text, "0%s%.*s", digits > 0 ? "." : "", (int)digits, "000000000");
	if (!is_one_of(trial->field->name, zeroes))
		try_text(trial, RECOURSE_AMOUNT_RANGE, text);
	snprintf(text, sizeof text, "%.*s%s%s", whole, most, digits > 0 ? "." : "", most + whole);
	try_text(trial, RECOURSE_OVERFLOW, text);
}

/* ---- which commands ---- */

/* What the command has under that name; of size 0 if it has not. */
static slice find_value(slice command, const char *name)
{
	slice reader = command;
	struct item item;
	slice value = {0};
	assert_ok(item_read_type(&reader, ITEM_MAP, &item));
	for (uint64_t left = item.count; left > 0; left--) {
		assert_ok(item_read_type(&reader, ITEM_TEXT, &item));
		assert_ok(item_read_whole(&reader, &value));
		if (slice_is(item.string, name))
			return value;
	}
	return slice_of(NULL, 0);
}

static bool anything_new(const struct trial *trial, size_t method)
{
	bool new = !seen[method].accepted;
	for (size_t index = 0; index < trial->method->field_count; index++)
		new |= !seen[method].fields[index] &&
		       find_value(trial->command, trial->method->fields[index].name).size > 0;
	return new;
}

static void try_command(struct trial *trial, size_t method)
{
	struct recourse_refusal refusal;
	trial->method = methods[method];
	if (!anything_new(trial, method) || !would_accept(trial, trial->command, &refusal))
		return;
	seen[method].accepted = true;
	for (size_t index = 0; index < trial->method->field_count; index++) {
		trial->field = &trial->method->fields[index];
		trial->value = find_value(trial->command, trial->field->name);
		if (trial->value.size == 0 || seen[method].fields[index])
			continue;
		seen[method].fields[index] = true;
		try_nobody(trial);
		if (trial->field->type == RECOURSE_FIELD_AMOUNT)
			try_amount(trial);
	}
}

/* METHODS_MAX: there is none of that name. */
static size_t method_index(slice name)
{
	size_t index = 0;
	while (methods[index] != NULL && !slice_is(name, methods[index]->name))
		index++;
	return methods[index] != NULL ? index : METHODS_MAX;
}

/* Tries what is new in the first command, then says it all. */
static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	slice reader = submission->commands;
	struct trial trial = {.ledger = ledger, .actor = submission->actor};
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_ARRAY, &head));
	assert_ok(item_read_whole(&reader, &trial.command));
	slice name = {0};
	assert_true(member_text(trial.command, "command", &name));
	size_t method = method_index(name);
	if (method < METHODS_MAX)
		try_command(&trial, method);
	submit_plainly(ledger, submission, reply);
}

/* ---- playing ---- */

static void play_case(const struct play_script *script, size_t index, struct play_report *report)
{
	static struct play_ledger_kind trying;
	struct support_directory directory;
	const struct play_opening opening = {.origin = "example.com/ledger",
		.party = "P",
		.admin = "admin",
		.at = UINT64_C(1462320000) * INSTANT_SECOND}; /* 2016-05-04 */
	support_directory_make(&directory);
	struct play_ledger *ledger = play_embedded_open(directory.path, &opening);
	assert_non_null(ledger);
	submit_plainly = ledger->kind->submit;
	trying = *ledger->kind;
	trying.submit = submit;
	ledger->kind = &trying;
	play_run_case(script, index, &(struct play_place){.ledger = ledger}, report);
	play_ledger_close(ledger);
	support_directory_remove(&directory);
}

/* ---- which cases ---- */

/* What a case says: its own steps, those before all cases, and those of each definition that they call. */
struct saying {
	const struct play_script *script;
	struct buffer blocks; /* of struct play_block */
	struct buffer words;  /* each behind a blank */
};

static size_t block_count(const struct saying *saying)
{
	return saying->blocks.size / sizeof(struct play_block);
}

static const struct play_block *block_at(const struct saying *saying, size_t index)
{
	return (const struct play_block *)saying->blocks.data + index;
}

static void add_block(struct saying *saying, const struct play_block *block)
{
	for (size_t index = 0; index < block_count(saying); index++) {
		if (block_at(saying, index)->first == block->first)
			return;
	}
	buffer_append(&saying->blocks, block, sizeof *block);
}

/* A definition is called at a step's beginning, or behind a name and ":=". */
static void add_step(struct saying *saying, const struct play_step *step)
{
	for (size_t word = 0; word < step->count; word++) {
		const char *text = step->words[word].text;
		const struct play_block *called =
			word == 0 || word == 2 ? play_script_definition(saying->script, text) : NULL;
		if (called != NULL)
			add_block(saying, called);
		buffer_append(&saying->words, " ", 1);
		buffer_append(&saying->words, text, strlen(text));
	}
}

/* The step of a block at that place or behind it that is played there, not only defined; NULL behind the last one. */
static const struct play_step *step_from(
	const struct play_script *script, const struct play_block *block, size_t *place)
{
	for (; *place < block->end; ++*place) {
		const struct play_step *step = play_script_step(script, *place);
		if (strcmp(step->words[0].text, "define") != 0)
			return step;
		*place = play_script_end(script, *place);
	}
	return NULL;
}

static void find_saying(struct saying *saying, size_t number)
{
	const struct play_block preamble = {.end = saying->script->preamble};
	const struct play_block own = play_script_case(saying->script, number);
	const struct play_step *step;
	add_block(saying, &preamble);
	add_block(saying, &own);
	for (size_t index = 0; index < block_count(saying); index++) {
		struct play_block block = *block_at(saying, index);
		for (size_t place = block.first; (step = step_from(saying->script, &block, &place)) != NULL;
			place++)
			add_step(saying, step);
	}
	buffer_append(&saying->words, "", 1);
}

static bool has_word(const struct play_step *step, const char *text)
{
	size_t word = 0;
	while (word < step->count && strcmp(step->words[word].text, text) != 0)
		word++;
	return word < step->count;
}

/* Whether the step gives the field a value; with "$*", whether anything in the case gives one a value. */
static bool gives(const struct saying *saying, const struct play_step *step, const char *field)
{
	size_t size = strlen(field);
	for (size_t word = 0; word < step->count; word++) {
		const char *text = step->words[word].text;
		if (strncmp(text, field, size) == 0 && (text[size] == '=' || text[size] == ':'))
			return true;
	}
	char given[80];
	snprintf(given, sizeof given, " %s=", field);
	return has_word(step, "$*") && strstr((const char *)saying->words.data, given) != NULL;
}

/* The index of the first method that the step says; METHODS_MAX if it says none. */
static size_t said_by(const struct play_step *step)
{
	size_t index = METHODS_MAX;
	for (size_t word = 0; word < step->count && index == METHODS_MAX; word++) {
		slice text = slice_text(step->words[word].text);
		if (memchr(text.data, '.', text.size) != NULL && memchr(text.data, '=', text.size) == NULL)
			index = method_index(text);
	}
	return index;
}

/* The step says a command, or a field of it, that nobody has said yet, and is not to be refused. */
static bool step_may_add(const struct saying *saying, const struct play_step *step)
{
	size_t index = said_by(step);
	if (index == METHODS_MAX || methods[index]->kind != RECOURSE_METHOD_COMMAND || has_word(step, "!"))
		return false;
	const struct recourse_method *method = methods[index];
	bool adds = !seen[index].accepted;
	for (size_t field = 0; !adds && field < method->field_count; field++)
		adds = !seen[index].fields[field] && gives(saying, step, method->fields[field].name);
	return adds;
}

static bool case_may_add(const struct play_script *script, size_t number)
{
	struct saying saying = {.script = script};
	bool adds = false;
	find_saying(&saying, number);
	for (size_t index = 0; !adds && index < block_count(&saying); index++) {
		const struct play_block *block = block_at(&saying, index);
		const struct play_step *step;
		for (size_t place = block->first; !adds && (step = step_from(script, block, &place)) != NULL;
			place++)
			adds = step_may_add(&saying, step);
	}
	buffer_free(&saying.blocks);
	buffer_free(&saying.words);
	return adds;
}

static void play_file(const char *path, struct play_report *report)
{
	struct play_script script;
	assert_int_equal(play_script_read(path, &script), EXIT_CODE_OK);
	for (size_t index = 0; index < play_script_case_count(&script); index++) {
		if (!case_may_add(&script, index))
			continue;
		play_report_begin(report, path, play_script_case(&script, index).name);
		play_case(&script, index, report);
		play_report_end(report);
	}
	play_script_free(&script);
}

static void play_all(struct play_report *report)
{
	glob_t found = {0};
	assert_int_equal(glob("tools/scenarios/[cg]*.case", 0, NULL, &found), 0);
	assert_int_equal(glob("tests/rules/*/*.case", GLOB_APPEND, NULL, &found), 0);
	for (size_t index = 0; index < found.gl_pathc; index++)
		play_file(found.gl_pathv[index], report);
	globfree(&found);
}

static void test_every_command(void **state)
{
	struct play_report report = {0};
	size_t missing = 0;
	assert_ok(crypto_start());
	for (size_t index = 0; (methods[index] = recourse_method_at(index)) != NULL; index++)
		assert_true(index + 1 < METHODS_MAX);
	if (access("/dev/shm", W_OK) == 0) /* nothing of it has to last */
		assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
	play_all(&report);
	for (size_t index = 0; methods[index] != NULL; index++) {
		const struct recourse_method *method = methods[index];
		if (method->kind != RECOURSE_METHOD_COMMAND || seen[index].accepted ||
			is_one_of(method->name, unsaid))
			continue;
		print_message("%s is accepted in no scenario\n", method->name);
		missing++;
	}
	print_message("%zu values, %zu of them not refused as they must be\n", tried, wrong);
	assert_int_equal(wrong, 0);
	assert_int_equal(report.failed, 0);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
