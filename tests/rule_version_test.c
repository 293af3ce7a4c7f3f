/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "rule/rule.h"

#include <string.h>

/*
 * H8: two versions of a rule in one program, and a log that crosses the change. The areas are the program's own and
 * one more, whose command says which version decided: the registry of this test stands in the place of decide/registry.c.
 */
extern const struct area rule_area;
extern const struct area custody_area;
extern const struct area incident_area;
extern const struct area collateral_area;
extern const struct area deposit_area;
extern const struct area recourse_area;
extern const struct area claims_area;
extern const struct area payout_area;
extern const struct area ending_area;
extern const struct area merchant_area;
extern const struct area suspense_area;
extern const struct area decide_area;

enum { NOTE_WORD };
static const struct recourse_field note_fields[] = {
	[NOTE_WORD] = FIELD(ID, "word", "what is noted"),
};

static enum recourse_error apply_note_once(struct decision *decision, const struct value *values)
{
	(void)values;
	decision_fact_text(decision, "noted", slice_text("once"));
	return RECOURSE_OK;
}

/* Decides otherwise: says another fact, and refuses a word that the first one took. */
static enum recourse_error apply_note_again(struct decision *decision, const struct value *values)
{
	if (slice_is(values[NOTE_WORD].text, "old"))
		return refusal_field(decision->refusal, RECOURSE_NOT_PERMITTED, "word", "a new one");
	decision_fact_text(decision, "noted", slice_text("again"));
	return RECOURSE_OK;
}

/* Not const: a program that has lost a version is one of them. */
static struct command note_rows[] = {
	COMMAND("note.take", RECOURSE_ROLE_OPERATOR, note_fields, apply_note_once, "for this test",
		RECOURSE_NOT_PERMITTED),
};
static const struct command_group note_commands = COMMAND_GROUP(note_rows);

/* What the state that came out is held to: by the audit, whatever decided it. */
static bool notes_are_right = true;
static enum recourse_error check_notes(struct check_context *check, const struct check_row *row)
{
	(void)row;
	return notes_are_right ? RECOURSE_OK : check_wrong(check, "a note is wrong");
}

static const struct check note_checks[] = {{.look = check_notes}};
static const struct check_group note_check_group = CHECK_GROUP(note_checks);
static const struct area note_area = {
	.name = "note", .commands = {&note_commands}, .checks = {&note_check_group}};

const struct area *const registry_areas[] = {&rule_area, &custody_area, &incident_area, &collateral_area,
	&deposit_area, &recourse_area, &claims_area, &payout_area, &ending_area, &merchant_area, &suspense_area,
	&decide_area, &note_area, NULL};

static void have_versions(size_t count)
{
	note_rows[0].rules[1] =
		count == 2 ? (struct command_rule){2, apply_note_again} : (struct command_rule){0, NULL};
}

#define NOTE  "maker note.take word="
#define ADOPT "admin rule.adopt rule=note.take reason=mended version="

static int setup(void **state)
{
	have_versions(2);
	return kit_setup(state);
}

/* One, then the other, then the first again; each entry names the version that made it, and refusals follow it too. */
static void test_log_that_crosses_a_change(void **state)
{
	struct kit *kit = *state;
	kit_play(kit,
		NOTE "old\nentry $last has body.noted=once rule=note.take/1\n"
		     /* proposed is not adopted */
		     "proposal := " ADOPT "2\nentry $proposal has body.approvals_needed:=1\n" NOTE
		     "old\nentry $last has rule=note.take/1\n"
		     "admin proposal.approve proposal=$proposal ! ROLE_MISSING command\n"
		     "checker proposal.approve proposal=$proposal\n"
		     "entry $last has body.replaces:=1\n" NOTE "old ! NOT_PERMITTED word\n" NOTE
		     "new\nentry $last has body.noted=again rule=note.take/2\n" ADOPT "2 ! EXISTS version\n"
		     "? auditor rule.list rule=note.take : rules[0].version:=2\n"
		     "audit\nrebuild\naudit\n" NOTE "newer\nentry $last has rule=note.take/2\n" ADOPT
		     "1\napprove\n" NOTE "old\nentry $last has rule=note.take/1\n"
		     "audit\nrebuild\naudit");
}

/* What was proposed by one version and is approved under the other is carried out by that one, which the entry names. */
static void test_proposal_that_crosses_a_change(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "change := " ADOPT "2\n"
		      "second := admin rule.adopt rule=note.take version=2 reason=twice\n"
		      "checker proposal.approve proposal=$change\n"
		      /* it was tried when it was proposed, and can not be carried out any more */
		      "checker proposal.approve proposal=$second ! EXISTS version\n"
		      "audit\nrebuild\naudit");
}

/* A program that lacks the version that a log adopted does not decide that log by another. */
static void test_version_that_is_not_there(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report = {0};
	kit_play(kit, ADOPT "2\napprove\n" NOTE "new");
	kit_close(kit);
	have_versions(1);
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "version"));
}

/* A log in perfect order, of a rule that errs: what it made is found, in the areas too. */
static void test_rule_that_errs(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report = {0};
	kit_play(kit, NOTE "new");
	kit_close(kit);
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	notes_are_right = false;
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	notes_are_right = true;
	assert_error(error, RECOURSE_AUDIT_FAILED);
	assert_string_equal(report.what, "a note is wrong");
}

#define VERSION_TEST(test) cmocka_unit_test_setup_teardown(test, setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VERSION_TEST(test_log_that_crosses_a_change),
		VERSION_TEST(test_proposal_that_crosses_a_change),
		VERSION_TEST(test_version_that_is_not_there),
		VERSION_TEST(test_rule_that_errs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
