/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

#include "rules/custody/custody.h"

enum recourse_error coverage_warning(struct state_view *view, slice unit, struct record_warning *warning)
{
	struct record_path path = record_path_of_text(RECORD_WARNING, unit);
	return record_get_optional(view, &path, warning, sizeof *warning, NULL);
}

slice coverage_level_name(const struct record_warning *warning, uint32_t level)
{
	if (level == 0)
		return slice_text("none");
	if (level > warning->count)
		return slice_text("unpublished");
	return RECORD_TEXT(warning->thresholds[level - 1].level);
}

/* ---- measuring ---- */

/* What of one custodian's cash counts: nothing, all, or the part that the last attestation covers. */
static enum recourse_error count_cash(
	struct state_view *view, slice custodian, slice unit, uint64_t now, int64_t cash, int64_t *counted)
{
	struct record_path path = account_path(CHART_CASH, custodian, slice_text(""), unit);
	struct custody_word word;
	struct record_account account;
	*counted = 0;
	TRY(custody_read(view, custodian, unit, now, &word));
	if (!word.counts)
		return RECOURSE_OK;
	TRY(record_get_named(view, &path, &account, sizeof account));
	int64_t attested = word.attestation.balance;
	*counted =
		attested >= account.balance ? cash : (int64_t)((__int128)cash * attested / account.balance);
	return RECOURSE_OK;
}

/* By custodian: they are few. */
static enum recourse_error sum_cash(struct state_view *view, struct arena *arena, slice issuer, slice unit,
	uint64_t now, struct coverage *coverage)
{
	struct record_path prefix = record_path_of_texts(RECORD_ISSUER_CASH, issuer, unit);
	int64_t cash;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &cash, sizeof cash)) {
		slice custodian;
		int64_t counted;
		TRY(party_name(view, arena, (uint32_t)walk.key.parts[2].number, &custodian));
		TRY(count_cash(view, custodian, unit, now, cash, &counted));
		coverage->cash += counted;
		coverage->uncounted += cash - counted;
	}
	return walk.error;
}

enum recourse_error coverage_measure(
	struct state_view *view, struct arena *arena, slice issuer, uint64_t now, struct coverage *coverage)
{
	const struct record_issuer *record = &coverage->record;
	const struct record_warning *warning = &coverage->warning;
	coverage->cash = coverage->uncounted = 0;
	coverage->ratio = COVERAGE_RATIO_MAX;
	coverage->level = 0;
	TRY(sum_cash(view, arena, issuer, unit_code(&record->unit), now, coverage));
	if (record->exposure == 0)
		return RECOURSE_OK;
	__int128 ratio = ((__int128)coverage->cash + record->instruments) * 10000 / record->exposure;
	if (ratio < COVERAGE_RATIO_MAX)
		coverage->ratio = (uint64_t)ratio;
	while (coverage->level < warning->count &&
		coverage->ratio < (uint64_t)warning->thresholds[coverage->level].below)
		coverage->level++;
	return RECOURSE_OK;
}

/* ---- clocks ---- */

enum recourse_error coverage_follow(struct decision *decision, slice issuer, const struct unit *unit)
{
	struct record_path path = record_path_of_texts(RECORD_ISSUER, issuer, unit_code(unit));
	struct coverage coverage;
	struct record_issuer *record = &coverage.record;
	TRY(coverage_warning(decision->state, unit_code(unit), &coverage.warning));
	if (coverage.warning.version == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, record, sizeof *record));
	TRY(coverage_measure(decision->state, decision->arena, issuer, decision->time, &coverage));
	bool changed = coverage.level != record->level;
	if (record->watch != 0 && (!changed || record->watch <= decision->time))
		return RECOURSE_OK;
	record->watch = decision->time + (changed ? 0 : coverage.warning.watch_hours * INSTANT_HOUR);
	return decision_put(decision, &path, record, sizeof *record);
}

enum recourse_error coverage_custody_changed(struct decision *decision, const struct unit *unit)
{
	struct record_path all = record_path_of(RECORD_ISSUER);
	struct record_warning warning;
	TRY(coverage_warning(decision->state, unit_code(unit), &warning));
	if (warning.version == 0)
		return RECOURSE_OK;
	return sweep_begin(decision, SWEEP_ISSUERS, record_path_slice(&all));
}

/* The level is another than it was. */
static enum recourse_error keep_alert(struct decision *decision, struct coverage *coverage)
{
	struct record_path path = record_path_of_number(RECORD_ALERT, decision->entry);
	struct record_issuer *record = &coverage->record;
	struct record_alert alert = {
		.exposure = record->exposure,
		.cash = coverage->cash,
		.instruments = record->instruments,
		.ratio = coverage->ratio,
		.issuer = record->issuer,
		.level = coverage->level,
		.before = record->level,
	};
	record->alert = decision->entry;
	memcpy(alert.unit, record->unit.code, sizeof alert.unit);
	decision_fact_text(
		decision, "alert", slice_text(coverage->level > record->level ? "raised" : "lowered"));
	decision_fact_text(decision, "level_before", coverage_level_name(&coverage->warning, record->level));
	return decision_put(decision, &path, &alert, sizeof alert);
}

enum recourse_error coverage_watched(struct decision *decision, slice subject)
{
	struct coverage coverage;
	struct record_issuer *record = &coverage.record;
	struct unit unit;
	slice issuer;
	TRY(clock_subject_read_party(decision, subject, &unit, &issuer));
	TRY(coverage_warning(decision->state, unit_code(&unit), &coverage.warning));
	struct record_path path = record_path_of_texts(RECORD_ISSUER, issuer, unit_code(&unit));
	TRY(decision_find(decision, "subject", &path, record, sizeof *record));
	TRY(coverage_measure(decision->state, decision->arena, issuer, decision->time, &coverage));
	decision_fact_text(decision, "issuer", issuer);
	decision_fact_text(decision, "unit", unit_code(&unit));
	decision_fact_amount(decision, "exposure", &unit, record->exposure);
	decision_fact_amount(decision, "attested_cash", &unit, coverage.cash);
	decision_fact_amount(decision, "uncounted_cash", &unit, coverage.uncounted);
	decision_fact_amount(decision, "instruments", &unit, record->instruments);
	decision_fact_integer(decision, "ratio", coverage.ratio);
	decision_fact_text(decision, "level", coverage_level_name(&coverage.warning, coverage.level));
	if (coverage.level != record->level)
		TRY(keep_alert(decision, &coverage));
	record->level = coverage.level;
	record->looked = decision->entry;
	record->watch = decision->time + coverage.warning.watch_hours * INSTANT_HOUR;
	TRY(decision_put(decision, &path, record, sizeof *record));
	return decision_about(decision, RECORD_PARTY, issuer);
}

/* ---- coverage.publish ---- */

enum { THRESHOLD_LEVEL, THRESHOLD_BELOW };
static const struct recourse_field threshold_members[] = {
	[THRESHOLD_LEVEL] = FIELD(ID, "level", "its name, such as critical"),
	[THRESHOLD_BELOW] = FIELD(PERCENT, "below", "of what is owed, that is covered"),
};
enum { THRESHOLD_MEMBERS = sizeof threshold_members / sizeof threshold_members[0] };

enum { PUBLISH_VERSION, PUBLISH_UNIT, PUBLISH_HOURS, PUBLISH_THRESHOLDS };
static const struct recourse_field publish_fields[] = {
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last of that unit"),
	[PUBLISH_UNIT] = FIELD(UNIT, "unit", "currency of what is owed"),
	[PUBLISH_HOURS] = FIELD_PRESET("watch_hours", 1, 8760, 24, "each issuer is looked at every so often"),
	[PUBLISH_THRESHOLDS] = FIELD_LIST("thresholds", 1, WARNING_LEVELS_MAX, threshold_members,
		"from the highest down: each is a level of alert"),
};

static enum recourse_error read_thresholds(
	struct decision *decision, const struct value *list, struct record_warning *warning)
{
	warning->count = list->list.count;
	for (size_t row = 0; row < warning->count; row++) {
		const struct value *member = list->list.values + row * THRESHOLD_MEMBERS;
		struct record_threshold *threshold = &warning->thresholds[row];
		threshold->below = member[THRESHOLD_BELOW].integer;
		record_text_set(threshold->level, sizeof threshold->level, member[THRESHOLD_LEVEL].text);
		if (threshold->below == 0)
			return refuse(decision, RECOURSE_AMOUNT_RANGE, "thresholds", "above zero");
		if (row > 0 && threshold->below >= threshold[-1].below)
			return refuse(
				decision, RECOURSE_POLICY_WRONG, "thresholds", "each below the one before");
		for (size_t other = 0; other < row; other++) {
			const char *level = warning->thresholds[other].level;
			if (memcmp(level, threshold->level, sizeof threshold->level) == 0)
				return refuse(
					decision, RECOURSE_FIELD_DUPLICATE, "thresholds", "each level once");
		}
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	struct record_warning last;
	struct record_warning next = {
		.entry = decision->entry,
		.version = (uint64_t)values[PUBLISH_VERSION].integer,
		.watch_hours = (uint64_t)values[PUBLISH_HOURS].integer,
	};
	struct unit unit;
	TRY(decision_unit(decision, "unit", values[PUBLISH_UNIT].text, &unit));
	TRY(coverage_warning(decision->state, unit_code(&unit), &last));
	TRY(publish_next(decision, next.version, last.version));
	TRY(read_thresholds(decision, &values[PUBLISH_THRESHOLDS], &next));
	struct record_path path = record_path_of_text(RECORD_WARNING, unit_code(&unit));
	TRY(decision_put(decision, &path, &next, sizeof next));
	return coverage_custody_changed(decision, &unit);
}

static const struct command rows[] = {
	COMMAND("coverage.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish the thresholds of coverage below which an issuer raises an alert",
		RECOURSE_AMOUNT_RANGE, RECOURSE_POLICY_WRONG),
};
const struct command_group coverage_commands = COMMAND_GROUP(rows);
