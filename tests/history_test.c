/* SPDX-License-Identifier: Apache-2.0 */

#include "books/account.h"
#include "state_place.h"

/*
 * I11, K: pages of movements against the naive list of them, whatever was committed together and undone in between; and
 * pages that nobody wrote so.
 */
enum { ACCOUNTS = 3, MOVEMENTS_MAX = 3000, MARKS_MAX = 4, STEPS = 12000 };

static const char *const parties[ACCOUNTS] = {"a", "b", "c"};

struct moved {
	uint64_t entry;
	int64_t steps;
	uint64_t turn; /* of all accounts: who is first gets the first number */
};

struct list {
	struct moved moved[MOVEMENTS_MAX];
	size_t count;
};

struct marked {
	state_mark_t mark;
	size_t counts[ACCOUNTS];
	uint64_t entry;
};

struct trial {
	struct support_random random;
	struct state_view *view;
	uint64_t turn;
	uint64_t entry; /* that moves accounts now */
	struct list lists[ACCOUNTS];
	struct marked marks[MARKS_MAX];
	size_t mark_count;
	struct state *state;
	bool apart; /* a group was set apart */
};

static int64_t balance_of(const struct list *list)
{
	int64_t balance = 0;
	for (size_t index = 0; index < list->count; index++)
		balance += list->moved[index].steps;
	return balance;
}

static void move(struct state_view *view, size_t account, struct moved moved)
{
	struct recourse_refusal refusal;
	struct account_posting posting = {
		.code = CHART_CASH, .party = slice_text(parties[account]), .steps = moved.steps};
	assert_ok(unit_currency(slice_text("CNY"), &posting.unit));
	assert_ok(account_apply(view, moved.entry, &posting, &refusal));
}

static struct record_account record_of(struct state_view *view, size_t account)
{
	struct record_path path =
		account_path(CHART_CASH, slice_text(parties[account]), slice_text(""), slice_text("CNY"));
	struct record_account record;
	assert_ok(record_get(view, &path, &record, sizeof record));
	return record;
}

static uint32_t number_of(struct state_view *view, size_t account)
{
	return record_of(view, account).number;
}

/* Of few bytes as of many; an account is never below zero. */
static int64_t draw_steps(struct trial *trial, const struct list *list)
{
	int64_t steps =
		(int64_t)(support_random(&trial->random) >> (4 + support_random_below(&trial->random, 60)));
	int64_t balance = balance_of(list);
	if (steps == 0)
		return 1;
	return balance >= steps && (balance > INT64_MAX - steps || steps % 2 == 0) ? -steps : steps;
}

static void add(struct trial *trial)
{
	size_t account = support_random_below(&trial->random, 4) == 0
				 ? support_random_below(&trial->random, ACCOUNTS)
				 : 0;
	struct list *list = &trial->lists[account];
	if (list->count == MOVEMENTS_MAX)
		return;
	if (support_random_below(&trial->random, 5) > 0) /* else another one of the same entry */
		trial->entry += 1 + (support_random(&trial->random) >>
					    (20 + support_random_below(&trial->random, 44)));
	int64_t steps = draw_steps(trial, list);
	list->moved[list->count] = (struct moved){trial->entry, steps, trial->turn++};
	move(trial->view, account, list->moved[list->count++]);
}

static void mark(struct trial *trial)
{
	if (trial->mark_count == MARKS_MAX)
		return;
	struct marked *marked = &trial->marks[trial->mark_count++];
	marked->mark = state_mark(trial->view);
	marked->entry = trial->entry;
	for (size_t account = 0; account < ACCOUNTS; account++)
		marked->counts[account] = trial->lists[account].count;
}

static void rollback(struct trial *trial)
{
	if (trial->mark_count == 0)
		return;
	trial->mark_count = support_random_below(&trial->random, trial->mark_count);
	const struct marked *marked = &trial->marks[trial->mark_count];
	state_rollback(trial->view, marked->mark);
	trial->entry = marked->entry;
	for (size_t account = 0; account < ACCOUNTS; account++)
		trial->lists[account].count = marked->counts[account];
}

/* What was set apart is written, while the next group stands above it. */
static void write_apart(struct trial *trial)
{
	const struct state_position position = {.entries = 1, .log_id = {7}};
	assert_ok(state_write(trial->state, &position));
	assert_ok(state_settle(trial->view));
	trial->apart = false;
}

static void set_apart(struct trial *trial)
{
	if (trial->apart)
		write_apart(trial);
	state_set_apart(trial->view);
	trial->apart = true;
	trial->mark_count = 0;
}

static void commit(struct trial *trial)
{
	if (trial->apart)
		write_apart(trial);
	state_place_commit(trial->view, 1);
	trial->mark_count = 0;
}

/* As of that entry, by the list; false before the first. */
static bool find(const struct list *list, uint64_t entry, struct history_point *point)
{
	*point = (struct history_point){0};
	for (size_t index = 0; index < list->count && list->moved[index].entry <= entry; index++) {
		point->entry = list->moved[index].entry;
		point->balance += list->moved[index].steps;
		point->debits += list->moved[index].steps > 0 ? list->moved[index].steps : 0;
	}
	return list->count > 0 && list->moved[0].entry <= entry;
}

static void assert_point(const struct history_point *point, const struct history_point *expected)
{
	assert_int_equal(point->entry, expected->entry);
	assert_int_equal(point->balance, expected->balance);
	assert_true(point->debits == expected->debits);
}

static void check_at(struct trial *trial, size_t account, uint64_t entry)
{
	const struct record_account record = record_of(trial->view, account);
	struct history_point point;
	struct history_point expected;
	if (!find(&trial->lists[account], entry, &expected)) {
		assert_error(history_at(trial->view, record.number, entry, &point), RECOURSE_QUERY_NOT_FOUND);
		assert_error(history_of(trial->view, &record, entry, &point), RECOURSE_QUERY_NOT_FOUND);
		return;
	}
	assert_ok(history_at(trial->view, record.number, entry, &point));
	assert_point(&point, &expected);
	assert_ok(history_of(trial->view, &record, entry, &point));
	assert_point(&point, &expected);
}

/* All there is that way, each entry once, and by how much it moved the account. */
static void check_walk(struct trial *trial, size_t account, uint64_t entry, enum state_direction direction)
{
	const struct list *list = &trial->lists[account];
	struct history_point expected;
	struct history_point before;
	uint64_t next = entry;
	SCOPED(history_walk_end)
	struct history_walk walk =
		history_walk_from(trial->view, number_of(trial->view, account), entry, direction);
	while (history_walk_next(&walk)) {
		if (direction == STATE_UP)
			assert_in_range(walk.at.entry, next, UINT64_MAX);
		else
			assert_in_range(walk.at.entry, 0, next);
		assert_true(find(list, walk.at.entry, &expected));
		assert_point(&walk.at, &expected);
		bool there = find(list, walk.at.entry - 1, &before);
		assert_int_equal(walk.moved, expected.balance - (there ? before.balance : 0));
		/* none is left out in between */
		if (direction == STATE_UP) {
			there = find(list, walk.at.entry - 1, &before);
			assert_true(!there || before.entry < next);
		} else {
			assert_true(find(list, next, &before) && before.entry == walk.at.entry);
		}
		next = direction == STATE_UP ? walk.at.entry + 1 : walk.at.entry - 1;
	}
	assert_ok(walk.error);
	if (direction == STATE_UP)
		assert_true(!find(list, UINT64_MAX, &expected) || expected.entry < next);
	else
		assert_false(find(list, next, &expected));
}

static uint64_t draw_entry(struct trial *trial, const struct list *list)
{
	uint64_t entry = list->moved[support_random_below(&trial->random, list->count)].entry;
	return entry + support_random_below(&trial->random, 3) - 1;
}

static void check_some(struct trial *trial)
{
	for (size_t account = 0; account < ACCOUNTS; account++) {
		const struct list *list = &trial->lists[account];
		if (list->count == 0)
			continue;
		for (int look = 0; look < 20; look++)
			check_at(trial, account, draw_entry(trial, list));
	}
}

/* As of every entry, the one before and the one behind; and all walks from the begin, the end and a few entries. */
static void check_all(struct trial *trial)
{
	for (size_t account = 0; account < ACCOUNTS; account++) {
		const struct list *list = &trial->lists[account];
		for (size_t index = 0; index < list->count; index++) {
			check_at(trial, account, list->moved[index].entry - 1);
			check_at(trial, account, list->moved[index].entry);
			check_at(trial, account, list->moved[index].entry + 1);
		}
		check_walk(trial, account, 0, STATE_UP);
		check_walk(trial, account, UINT64_MAX, STATE_UP);
		check_walk(trial, account, 0, STATE_DOWN);
		check_walk(trial, account, UINT64_MAX, STATE_DOWN);
		for (int walk = 0; walk < 5; walk++)
			check_walk(trial, account, draw_entry(trial, list),
				walk % 2 == 0 ? STATE_UP : STATE_DOWN);
	}
}

static void run(struct trial *trial)
{
	for (int step = 0; step < STEPS; step++) {
		uint64_t choice = support_random_below(&trial->random, 1000);
		if (choice < 800)
			add(trial);
		else if (choice < 900)
			mark(trial);
		else if (choice < 980)
			rollback(trial);
		else if (choice < 984)
			commit(trial);
		else if (choice < 988)
			set_apart(trial);
		else
			check_some(trial);
	}
}

static void start(struct trial *trial, const struct state_place *place)
{
	*trial = (struct trial){
		.random = support_random_start(),
		.state = place->opened,
		.view = state_writer(place->opened),
		.entry = 1,
	};
}

static void test_against_a_list(void **state)
{
	static struct trial trial;

	start(&trial, *state);
	run(&trial);
	check_all(&trial);
	commit(&trial);
	check_all(&trial);
	assert_in_range(trial.lists[0].count, 500, MOVEMENTS_MAX); /* many pages */
}

static size_t count_pages(struct state_view *view, size_t *largest)
{
	struct record_path prefix = record_path_of(RECORD_HISTORY);
	size_t pages = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*largest = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		pages++;
		*largest = walk.value.size > *largest ? walk.value.size : *largest;
	}
	assert_ok(walk.error);
	return pages;
}

/* The same movements make the same bytes: in groups, with commands undone between them, and one a group. */
static void test_bytes_follow_from_movements(void **state)
{
	static struct trial trial;
	const struct state_place *place = *state;
	uint8_t first[32];
	uint8_t again[32];
	size_t next[ACCOUNTS] = {0};
	size_t movements = 0;
	size_t largest;

	start(&trial, *state);
	run(&trial);
	commit(&trial);
	assert_ok(state_digest(trial.view, first));
	for (size_t account = 0; account < ACCOUNTS; account++)
		movements += trial.lists[account].count;
	assert_in_range(count_pages(trial.view, &largest), movements * 8 / HISTORY_PAGE,
		movements * 24 / HISTORY_PAGE);
	assert_in_range(largest, HISTORY_PAGE, HISTORY_PAGE + 60);

	assert_ok(state_reset(place->opened));
	for (size_t done = 0; done < movements; done++) {
		size_t least = ACCOUNTS;
		for (size_t account = 0; account < ACCOUNTS; account++) {
			const struct list *list = &trial.lists[account];
			if (next[account] < list->count &&
				(least == ACCOUNTS || list->moved[next[account]].turn <
							      trial.lists[least].moved[next[least]].turn))
				least = account;
		}
		move(trial.view, least, trial.lists[least].moved[next[least]++]);
		if (done % 3 == 0)
			state_place_commit(trial.view, 1);
	}
	state_place_commit(trial.view, 1);
	assert_ok(state_digest(trial.view, again));
	assert_memory_equal(first, again, sizeof first);
}

/* As many postings of one entry as there may be: they stay in one page, and are one point. */
static void test_one_entry(void **state)
{
	struct state_view *view = state_place_view(state);
	struct history_point point;
	int64_t steps = INT64_MAX / HISTORY_ENTRY_MAX;
	size_t largest;

	for (int posting = 0; posting < 100; posting++)
		move(view, 0, (struct moved){(uint64_t)posting, 1, 0});
	for (int posting = 0; posting < HISTORY_ENTRY_MAX; posting++)
		move(view, 0, (struct moved){UINT64_C(1) << 62, posting % 2 == 0 ? steps : -steps, 0});
	move(view, 0, (struct moved){(UINT64_C(1) << 62) + 1, 5, 0});
	state_place_commit(view, 1);
	assert_int_equal(count_pages(view, &largest), 2);
	assert_in_range(largest, 10 * HISTORY_ENTRY_MAX, STATE_VALUE_MAX);
	uint32_t number = number_of(view, 0);
	assert_ok(history_at(view, number, UINT64_C(1) << 62, &point));
	assert_int_equal(point.balance, 100);
	assert_true(point.debits == 100 + (amount_sum)steps * HISTORY_ENTRY_MAX / 2);
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(view, number, UINT64_MAX, STATE_DOWN);
	assert_true(history_walk_next(&walk));
	assert_int_equal(walk.moved, 5);
	assert_true(history_walk_next(&walk));
	assert_int_equal(walk.at.entry, UINT64_C(1) << 62);
	assert_int_equal(walk.moved, 0);
	assert_true(history_walk_next(&walk));
	assert_int_equal(walk.at.entry, 99);
}

/* ---- pages that nobody wrote so ---- */

enum { FIRST = 7, FAR_ENTRY = 200 };

static void put_page(struct state_view *view, uint64_t first, const struct record_history *head, slice bytes)
{
	uint8_t value[200];
	struct record_path path = record_path_of_short(RECORD_HISTORY, 1);
	record_path_number(&path, first);
	memcpy(value, head, sizeof *head);
	memcpy(value + sizeof *head, bytes.data, bytes.size);
	assert_ok(state_put(view, record_path_slice(&path), slice_of(value, sizeof *head + bytes.size)));
}

static void assert_walk(
	struct state_view *view, enum state_direction direction, size_t points, enum recourse_error error)
{
	SCOPED(history_walk_end)
	struct history_walk walk =
		history_walk_from(view, 1, direction == STATE_UP ? 0 : UINT64_MAX, direction);
	for (size_t point = 0; point < points; point++)
		assert_true(history_walk_next(&walk));
	assert_false(history_walk_next(&walk));
	assert_error(walk.error, error);
}

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
static const struct page_case {
	const char *what;
	const uint8_t *bytes;
	size_t size;
	enum recourse_error error;
	struct record_history head;
} page_cases[] = {
	{"two movements", BYTES(0, 20, 5, 3), RECOURSE_OK, {0}},
	{"the largest steps, and the longest numbers",
		BYTES(0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1), RECOURSE_OK, {0}},
	{"the last entry of all", BYTES(0, 2, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2),
		RECOURSE_OK, {0}},
	{"an entry without steps", BYTES(0), RECOURSE_STORE_CORRUPT, {0}},
	{"an entry without steps behind one that has some", BYTES(0, 20, 5), RECOURSE_STORE_CORRUPT, {0}},
	{"steps that do not end", BYTES(0, 0x80), RECOURSE_STORE_CORRUPT, {0}},
	{"an entry that does not end", BYTES(0, 20, 0x85), RECOURSE_STORE_CORRUPT, {0}},
	{"steps that could be shorter", BYTES(0, 0x94, 0), RECOURSE_STORE_CORRUPT, {0}},
	{"an entry that could be shorter", BYTES(0, 20, 0x85, 0, 3), RECOURSE_STORE_CORRUPT, {0}},
	{"a first entry that could be shorter", BYTES(0x80, 0, 20), RECOURSE_STORE_CORRUPT, {0}},
	{"steps beyond 64 bits", BYTES(0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2),
		RECOURSE_STORE_CORRUPT, {0}},
	{"steps of eleven bytes", BYTES(0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 1),
		RECOURSE_STORE_CORRUPT, {0}},
	{"no steps", BYTES(0, 0), RECOURSE_STORE_CORRUPT, {0}},
	{"no steps later", BYTES(0, 20, 5, 0), RECOURSE_STORE_CORRUPT, {0}},
	{"zeroes behind", BYTES(0, 20, 0, 0), RECOURSE_STORE_CORRUPT, {0}},
	{"a zero behind", BYTES(0, 20, 0), RECOURSE_STORE_CORRUPT, {0}},
	{"a first entry that is not the key's", BYTES(1, 20), RECOURSE_STORE_CORRUPT, {0}},
	{"entries that go round", BYTES(0, 2, 0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2),
		RECOURSE_STORE_CORRUPT, {0}},
	{"a balance beyond 64 bits", BYTES(0, 4), RECOURSE_STORE_CORRUPT, {.balance = INT64_MAX - 1}},
	{"a balance beyond them on the other side", BYTES(0, 3), RECOURSE_STORE_CORRUPT,
		{.balance = INT64_MIN + 1}},
	{"debits beyond 128 bits", BYTES(0, 4), RECOURSE_STORE_CORRUPT,
		{.debits = (amount_sum)(~(unsigned __int128)0 >> 1) - 1}},
};

static void test_hostile_pages(void **state)
{
	struct state_view *view = state_place_view(state);
	struct history_point point;
	for (size_t row = 0; row < sizeof page_cases / sizeof page_cases[0]; row++) {
		const struct page_case *page = &page_cases[row];
		print_message("%s\n", page->what);
		put_page(view, FIRST, &page->head, slice_of(page->bytes, page->size));
		/* as of the first entry, too, whatever stands behind it */
		assert_error(history_at(view, 1, FIRST, &point), page->error);
		assert_error(history_at(view, 1, FAR_ENTRY, &point), page->error);
		SCOPED(history_walk_end) struct history_walk up = history_walk_from(view, 1, 0, STATE_UP);
		SCOPED(history_walk_end)
		struct history_walk down = history_walk_from(view, 1, FAR_ENTRY, STATE_DOWN);
		assert_int_equal(history_walk_next(&up), page->error == RECOURSE_OK);
		assert_error(up.error, page->error);
		assert_int_equal(history_walk_next(&down), page->error == RECOURSE_OK);
		assert_error(down.error, page->error);
	}
}

/* A page of no movements, of less than how it stood before, and a key of another shape. */
static void test_short_pages(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_path path = record_path_of_short(RECORD_HISTORY, 1);
	struct history_point point;
	uint8_t value[sizeof(struct record_history)] = {0};
	record_path_number(&path, FIRST);
	for (size_t size = 0; size <= sizeof value; size++) {
		assert_ok(state_put(view, record_path_slice(&path), slice_of(value, size)));
		assert_error(history_at(view, 1, FIRST, &point), RECOURSE_STORE_CORRUPT);
		assert_walk(view, STATE_UP, 0, RECOURSE_STORE_CORRUPT);
		assert_walk(view, STATE_DOWN, 0, RECOURSE_STORE_CORRUPT);
	}
	assert_ok(state_remove(view, record_path_slice(&path)));
	path.bytes[path.size++] = 0;
	assert_ok(state_put(view, record_path_slice(&path), slice_of(value, sizeof value)));
	assert_error(history_at(view, 1, FIRST + 1, &point), RECOURSE_STORE_CORRUPT);
}

/* A page begins as the one before it ended, and later. */
static void test_pages_that_do_not_join(void **state)
{
	struct state_view *view = state_place_view(state);
	static const uint8_t ten[] = {0, 20, 5, 19}; /* in, and out five entries later */
	const struct record_history start = {0};
	static const struct {
		uint64_t first;
		struct record_history head;
		bool joins;
	} seconds[] = {
		{FIRST + 6, {.balance = 0, .debits = 10}, true},
		{FIRST + 6, {.balance = 1, .debits = 10}, false},
		{FIRST + 6, {.balance = 0, .debits = 11}, false},
		{FIRST + 5, {.balance = 0, .debits = 10}, false},
		{FIRST + 1, {.balance = 0, .debits = 10}, false},
	};
	put_page(view, FIRST, &start, slice_of(ten, sizeof ten));
	for (size_t row = 0; row < sizeof seconds / sizeof seconds[0]; row++) {
		state_mark_t mark = state_mark(view);
		put_page(view, seconds[row].first, &seconds[row].head, slice_of(ten, sizeof ten));
		assert_walk(view, STATE_UP, seconds[row].joins ? 4 : 2,
			seconds[row].joins ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		assert_walk(view, STATE_DOWN, seconds[row].joins ? 4 : 2,
			seconds[row].joins ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		state_rollback(view, mark);
	}
}

/* An account whose last page is not there, or has no room left by any count, takes nothing more. */
static void test_append_to_what_is_not(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_account account = {.number = 1, .postings = 3, .page = FIRST, .last_entry = FIRST};
	static const uint8_t long_one[STATE_VALUE_MAX];
	struct record_path path = record_path_of_short(RECORD_HISTORY, 1);
	record_path_number(&path, FIRST);
	assert_error(history_append(view, &account, FIRST + 1, 5), RECOURSE_STORE_CORRUPT);
	assert_ok(state_put(view, record_path_slice(&path), slice_of(long_one, sizeof long_one)));
	assert_error(history_append(view, &account, FIRST, 5), RECOURSE_STORE_CORRUPT);
	assert_int_equal(account.page, FIRST);
	assert_ok(history_append(view, &account, FIRST + 1, 5));
	assert_int_equal(account.page, FIRST + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_OPENED_TEST(test_against_a_list),
		STATE_OPENED_TEST(test_bytes_follow_from_movements),
		STATE_OPENED_TEST(test_one_entry),
		STATE_OPENED_TEST(test_hostile_pages),
		STATE_OPENED_TEST(test_short_pages),
		STATE_OPENED_TEST(test_pages_that_do_not_join),
		STATE_OPENED_TEST(test_append_to_what_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
