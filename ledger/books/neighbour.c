/* SPDX-License-Identifier: Apache-2.0 */
#include "books/neighbour.h"

#include "books/chart.h"

enum {
	TABLE_SIZE = 2,
	HOST_SIZE = TABLE_SIZE + 4, /* what the accounts begin with that others lie beside: table and code */
	MARK_SIZE = 2,              /* an empty reference, and which table */
	TEXT_LEAST = ' ',           /* no id begins with a byte below it, nor does a code of a unit */
};
_Static_assert((int)BESIDE_END < (int)TEXT_LEAST, "and so no account is among them");

static const uint8_t host[HOST_SIZE] = {
	RECORD_ACCOUNT >> 8, RECORD_ACCOUNT & 0xFF, 0, 0, CHART_DEPOSIT >> 8, CHART_DEPOSIT & 0xFF};

static const enum record_table tables_beside[BESIDE_END] = {
	[BESIDE_ABOUT] = RECORD_ABOUT_PARTY,
	[BESIDE_PARTY] = RECORD_PARTY,
	[BESIDE_COLLATERAL] = RECORD_COLLATERAL,
	[BESIDE_DEPOSIT] = RECORD_DEPOSIT,
};

/* How many bytes of it an id takes with the zero byte behind it; 0 where that is missing. */
static size_t id_size(slice bytes)
{
	const uint8_t *end = bytes.size == 0 ? NULL : memchr(bytes.data, 0, bytes.size);
	return end == NULL ? 0 : (size_t)(end - bytes.data) + 1;
}

/* What there is no room for is left out: a place to begin with may be any bytes, and no row has so many. */
static void add(struct record_path *path, const uint8_t *bytes, size_t size)
{
	size_t room = sizeof path->bytes - path->size;
	size = size < room ? size : room;
	if (size > 0)
		memcpy(path->bytes + path->size, bytes, size);
	path->size += size;
}

static void add_mark(struct record_path *path, uint8_t beside)
{
	const uint8_t mark[MARK_SIZE] = {0, beside};
	add(path, mark, sizeof mark);
}

slice neighbour_place(slice key, struct record_path *room)
{
	const struct table *table = tables_of(key);
	if (table == NULL || table->beside == BESIDE_NOTHING)
		return key;
	slice rest = slice_from(key, TABLE_SIZE);
	size_t id = id_size(rest);
	room->size = 0;
	add(room, host, sizeof host);
	add(room, rest.data, id == 0 ? rest.size : id);
	if (id > 0) {
		add_mark(room, (uint8_t)table->beside);
		add(room, rest.data + id, rest.size - id);
	}
	return record_path_slice(room);
}

/* Where the mark of a row is that lies beside an account; 0: it lies by its key. */
static size_t mark_at(slice place)
{
	if (place.size < HOST_SIZE || memcmp(place.data, host, sizeof host) != 0)
		return 0;
	size_t id = id_size(slice_from(place, HOST_SIZE));
	size_t at = HOST_SIZE + id;
	bool marked = id > 0 && at + MARK_SIZE <= place.size && place.data[at] == 0 &&
		      place.data[at + 1] < TEXT_LEAST;
	return marked ? at : 0;
}

const struct table *neighbour_table(slice place)
{
	size_t at = mark_at(place);
	if (at == 0)
		return tables_of(place);
	uint8_t beside = place.data[at + 1];
	return beside == BESIDE_NOTHING || beside >= BESIDE_END ? NULL : tables_at(tables_beside[beside]);
}

slice neighbour_key(slice place, struct record_path *room)
{
	size_t at = mark_at(place);
	const enum record_table table = tables_beside[place.data[at + 1]];
	const uint8_t number[TABLE_SIZE] = {(uint8_t)(table >> 8), (uint8_t)table};
	room->size = 0;
	add(room, number, sizeof number);
	add(room, place.data + HOST_SIZE, at - HOST_SIZE);
	add(room, place.data + at + MARK_SIZE, place.size - at - MARK_SIZE);
	return record_path_slice(room);
}

slice neighbour_next(slice place, enum table_beside beside, bool up, struct record_path *room)
{
	size_t at = mark_at(place);
	enum table_beside here = place.data[at + 1];
	bool ahead = beside != BESIDE_NOTHING && (up ? beside > here : beside < here);
	room->size = 0;
	add(room, place.data, at);
	if (up || !ahead) {
		add_mark(room, (uint8_t)(ahead ? beside : up ? BESIDE_END : BESIDE_NOTHING));
		return record_path_slice(room);
	}
	/* what comes before its rows lies below the last of them */
	add_mark(room, (uint8_t)beside);
	memset(room->bytes + room->size, 0xFF, sizeof room->bytes - room->size);
	room->size = sizeof room->bytes;
	return record_path_slice(room);
}
