/* SPDX-License-Identifier: Apache-2.0 */
#include "power_shim.h"

#include "child.h"
#include "base/instant.h"
#include "base/note_text.h"
#include "clock_note.h"
#include "ledger.h"
#include "proof/guard.h"
#include "power_life.h"
#include "state_place.h"

#include <inttypes.h>
#include <malloc.h>

/*
 * The power goes, at any moment of a service's life (I3, J4, J6). One is recorded: its directory is made by `init`, it is
 * opened, decides groups, also while the one before is kept, lets clocks strike, signs, notes the time, is closed, opened
 * again and has its state made anew (power_life.h). Then disks that a power cut may leave of it are laid down, each once, in
 * memory, and the service is started on it, in another boot:
 *
 *   what was acknowledged is there: init's keys and opening, requests, the guard and its note
 *   what is there was sent: requests and entries are the first that were, byte for byte
 *   the state is the one that these make, whether it was kept or made again, and all of it is as it was sealed, by a
 *   secret that not everybody has
 *   what was said in any entry that is there can be read, unless one erased it: then its key is nowhere
 *   the next request is taken
 *
 * On every tenth the keys are used, too: the history is signed, and opened once more; some of these are audited.
 *
 *   POWER_STATES=n   how many different ones (500; 10,000 in a trial)
 */

enum {
	STATES_SAMPLE = 500,
	STATES_TRIAL = 10000,
	REORDERINGS_MAX = 1000, /* of one moment, in one round */
	THOROUGH_EVERY = 10,
	AUDIT_EVERY = 500,
};

/* ---- a start ---- */

#define HOLDS(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			return #condition;                                                                   \
	} while (0)
#define GOES(call)                                                                                           \
	do {                                                                                                 \
		enum recourse_error said = (call);                                                           \
		if (said != RECOURSE_OK) {                                                                   \
			print_error("%s: %s\n", #call, recourse_error_name(said));                           \
			return #call;                                                                        \
		}                                                                                            \
	} while (0)

/* What is there was sent. */
static const char *compare_log(const struct power *power, uint64_t requests, uint64_t entries)
{
	const struct kept *kept = &power->kept;
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	slice bytes;
	HOLDS(requests <= kept->request_count && entries == kept->entries_of[requests]);
	GOES(log_snapshot_open(power->kit.ledger->log, &log));
	for (uint64_t number = 0; number < requests; number++) {
		GOES(log_read_request(log, number, &bytes));
		HOLDS(slice_equal(bytes, buffer_slice(&kept->requests[number])));
	}
	for (uint64_t number = 0; number < entries; number++) {
		GOES(log_read_entry(log, number, &bytes));
		HOLDS(slice_equal(bytes, buffer_slice(&kept->entries[number])));
	}
	return NULL;
}

static const char *compare_state(struct power *power, uint64_t requests)
{
	uint64_t *expected = &power->kept.state_of[requests];
	uint64_t hash;
	bool whole = false;
	GOES(power_life_hash_state(power->kit.ledger, &hash));
	if (*expected == 0)
		*expected = hash;
	HOLDS(hash == *expected);
	GOES(recourse_ledger_sweep(power->kit.ledger, SIZE_MAX, &whole));
	HOLDS(whole);
	return NULL;
}

static const char *compare_files(const struct power *power, const struct mark *told)
{
	struct checkpoint last;
	struct clock_note noted;
	struct seal seal = {.blind = false};
	const struct seal nobody = {.blind = false};
	GOES(guard_read(power->guard, &last));
	HOLDS(last.size >= told->covered && last.size <= power->kit.ledger->head.entries);
	enum recourse_error error = clock_note_read(power->note, &noted);
	HOLDS(error == RECOURSE_OK || (error == RECOURSE_NOT_FOUND && !told->noted));
	GOES(seal_read_secret(power->place, true, &seal));
	HOLDS(!seal.blind && memcmp(seal.secret, nobody.secret, sizeof seal.secret) != 0);
	return NULL;
}

/* Whatever the log has was sealed before, and what it says is erased is, before anything is served. */
static const char *compare_note(struct power *power, struct state_view *state, uint64_t entry)
{
	struct record_path path = record_path_of_number(RECORD_NOTED, entry);
	struct notes_text text = {.entry = entry};
	struct crypto_hash commitment;
	struct record_note note;
	uint64_t erased;
	bool there;
	SCOPED(buffer_free) struct buffer out = {.secret = true};
	GOES(record_get_optional(state, &path, &note, sizeof note, &there));
	if (!there)
		return NULL;
	GOES(sealed_erased(state, &note, &erased));
	text.key = note.key;
	memcpy(text.commitment.bytes, note.commitment, sizeof note.commitment);
	enum recourse_error error = notes_read(power->place, power->kit.origin, &text, &out);
	HOLDS(error == (erased == 0 ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND));
	if (error != RECOURSE_OK)
		return NULL;
	note_text_commit(text.random, buffer_slice(&out), &commitment);
	HOLDS(memcmp(commitment.bytes, note.commitment, sizeof note.commitment) == 0);
	return NULL;
}

static const char *compare_notes(struct power *power, uint64_t entries)
{
	SCOPED(state_snapshot_end) struct state_view *state = NULL;
	const char *wrong = NULL;
	HOLDS(!power->kit.ledger->notes.lost);
	GOES(state_snapshot_open(power->kit.ledger->state, &state));
	for (uint64_t entry = 0; entry < entries && wrong == NULL; entry++)
		wrong = compare_note(power, state, entry);
	return wrong;
}

static const char *go_on(struct power *power, uint64_t requests)
{
	if (power->thorough)
		GOES(recourse_ledger_sign(power->kit.ledger));
	GOES(power_life_send(power, &power->next));
	HOLDS(power->kit.ledger->head.requests == requests + 1);
	if (!power->thorough)
		return NULL;
	kit_close(&power->kit);
	GOES(power_life_open(power, false));
	HOLDS(power->kit.ledger->head.requests == requests + 1);
	return NULL;
}

static const char *audit(struct power *power)
{
	const struct recourse_audit_options options = {.directory = power->place};
	struct recourse_audit report;
	kit_close(&power->kit);
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	if (error != RECOURSE_OK)
		print_error("%s\n", report.what);
	HOLDS(error == RECOURSE_OK);
	return NULL;
}

#define AGREES(check)                                                                                        \
	do {                                                                                                 \
		const char *wrong = (check);                                                                 \
		if (wrong != NULL)                                                                           \
			return wrong;                                                                        \
	} while (0)

static const char *start(struct power *power, const struct mark *told)
{
	enum recourse_error error = power_life_open(power, false);
	if (!told->made && (error != RECOURSE_OK || recourse_ledger_origin(power->kit.ledger)[0] == '\0'))
		return NULL;
	GOES(error);
	const struct log_head head = power->kit.ledger->head;
	HOLDS(head.requests >= told->acknowledged && (!told->made || head.requests <= told->sent));
	AGREES(compare_log(power, head.requests, head.entries));
	AGREES(compare_state(power, head.requests));
	AGREES(compare_files(power, told));
	AGREES(compare_notes(power, head.entries));
	AGREES(go_on(power, head.requests));
	AGREES(compare_notes(power, head.entries));
	return power->tried % AUDIT_EVERY == 0 ? audit(power) : NULL;
}

/* ---- all that may be left ---- */

static struct seen *find_seen(struct power *power, uint64_t hash)
{
	size_t at = hash % power->seen_size;
	while (power->seen[at].hash != 0 && power->seen[at].hash != hash)
		at = (at + 1) % power->seen_size;
	return &power->seen[at];
}

static void clear(const struct power *power)
{
	struct support_directory ledger;
	memcpy(ledger.path, power->place, sizeof ledger.path);
	if (access(ledger.path, F_OK) == 0)
		support_directory_remove(&ledger);
}

static void try_disk(struct power *power, const struct power_point *point, size_t marks)
{
	uint64_t hash = power_disk_hash(&power->record, &power->disk) | 1;
	struct seen *seen = find_seen(power, hash);
	bool known = seen->hash == hash;
	if (known && seen->marks >= marks)
		return;
	*seen = (struct seen){hash, marks};
	power->tried += !known;
	clear(power);
	power_disk_lay(&power->record, &power->disk, power->top);
	/* of init's own time all, since keys are made then */
	power->thorough = power->tried % THOROUGH_EVERY == 0 || marks <= 1;
	const char *wrong = start(power, &power->marks[marks]);
	if (wrong != NULL)
		fail_msg("disk %zu, cut before call %zu of %zu, %" PRIu64
			 " acknowledged: %s does not hold; it was in %s",
			power->tried, point->cut, point->record->count, power->marks[marks].acknowledged,
			wrong, power->place);
	kit_close(&power->kit);
}

/* At each moment as many as are its share. */
static void try_round(struct power *power, size_t states)
{
	struct power_point *point = calloc(1, sizeof *point);
	size_t marks = 0;
	size_t share = 1 + states / power->record.count;
	share = share < REORDERINGS_MAX ? share : REORDERINGS_MAX;
	power_point_start(point, &power->record);
	for (size_t cut = 0; cut <= power->record.count && power->tried < states; cut++) {
		power_point_move(point, cut);
		marks += cut > 0 && power->record.calls[cut - 1].kind == POWER_MARK;
		for (size_t index = 0; index < 2 + share && power->tried < states; index++) {
			enum power_choice choice = index == 0   ? POWER_ALL
						   : index == 1 ? POWER_SURE
								: POWER_ANY;
			power_cut(point, choice, &power->random, &power->disk);
			try_disk(power, point, marks);
		}
	}
	power_point_free(point);
	free(point);
}

static void the_power_goes(void **state)
{
	struct power *power = *state;
	const char *given = getenv("POWER_STATES");
	size_t states =
		given != NULL ? strtoull(given, NULL, 10) : support_times(STATES_SAMPLE, STATES_TRIAL);
	size_t before;
	power->seen_size = 2 * states + 1;
	power->seen = calloc(power->seen_size, sizeof *power->seen);
	assert_non_null(power->seen);
	shim.boot = power->boots[1];
	do {
		before = power->tried;
		try_round(power, states);
	} while (power->tried < states && power->tried > before);
	print_message("%zu calls, %" PRIu64 " entries, %zu different disks\n", power->record.count,
		power->kept.entries_of[power->kept.request_count], power->tried);
	assert_int_equal(power->tried, states);
}

/* ---- the place ---- */

static void write_boot(struct power *power, int boot)
{
	static const char *const ids[] = {STATE_PLACE_BOOT_ONE "\n", STATE_PLACE_BOOT_TWO "\n"};
	power_life_path(power->boots[boot], power->outside.path, boot == 0 ? "boot-one" : "boot-two");
	support_write_file(power->boots[boot], slice_text(ids[boot]));
}

static int setup(void **state)
{
	struct power *power = calloc(1, sizeof *power);
	struct stat status;
	assert_non_null(power);
	assert_ok(crypto_start());
	power->random = support_random_start();
	support_directory_make(&power->outside);
	power_life_path(power->top, power->outside.path, "top");
	power_life_path(power->place, power->top, "ledger");
	power_life_path(power->log_key, power->place, "keys/log");
	power_life_path(power->system_key, power->place, "keys/system");
	power_life_path(power->guard, power->place, "last-signed");
	power_life_path(power->note, power->place, "last-signed.clock");
	write_boot(power, 0);
	write_boot(power, 1);
	snprintf(power->kit.origin, sizeof power->kit.origin, "example.com/ledger");
	assert_int_equal(mkdir(power->top, 0700), 0);
	assert_int_equal(stat(power->top, &status), 0);
	shim.record = &power->record;
	shim.boot = power->boots[0];
	power->thorough = true;
	add_node(status.st_ino, true);
	power_life_live(power);
	power_life_keep(power);
	shim.record = NULL;
	power->next = power_life_payload(power, "next", "party.register party=next kinds=merchant");
	kit_close(&power->kit);
	power_settle(&power->record);
	*state = power;
	return 0;
}

static int teardown(void **state)
{
	struct power *power = *state;
	kit_close(&power->kit);
	for (size_t index = 0; index < POWER_REQUESTS_MAX; index++)
		buffer_free(&power->kept.requests[index]);
	for (size_t index = 0; index < POWER_ENTRIES_MAX; index++)
		buffer_free(&power->kept.entries[index]);
	power_disk_free(&power->disk);
	power_record_free(&power->record);
	key_close(&power->admin);
	power_life_payload_free(&power->next);
	free(power->seen);
	support_directory_remove(&power->outside);
	free(power);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_power_goes, setup, teardown),
	};
	child_prefer_memory();
	/* LMDB's lists, some MiB at each opening: from the system they are zeroes that nobody has to write */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
