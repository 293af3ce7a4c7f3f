/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_pieces.h"

static void keep(struct bank_pieces *pieces, enum recourse_error error)
{
	if (pieces->fault == RECOURSE_OK)
		pieces->fault = error;
}

void bank_pieces_close(struct bank_pieces *pieces)
{
	if (!pieces->is_open)
		return;
	pieces->open.size = pieces->commands.size;
	if (pieces->count <= pieces->done) {
		pieces->done_lines += pieces->open.lines;
		pieces->done_credit += pieces->open.credit;
		pieces->done_debit += pieces->open.debit;
	}
	if (buffer_failed(&pieces->commands))
		keep(pieces, RECOURSE_MEMORY);
	else
		keep(pieces, spool_append(&pieces->closed, &pieces->open, sizeof pieces->open));
	if (pieces->fault == RECOURSE_OK)
		keep(pieces, spool_append(&pieces->closed, pieces->commands.data, pieces->commands.size));
	buffer_clear(&pieces->commands);
	pieces->open = (struct bank_piece){0};
	pieces->is_open = false;
}

struct bank_piece *bank_pieces_open(struct bank_pieces *pieces)
{
	if (pieces->is_open && pieces->open.items >= BANK_PIECE_ITEMS)
		bank_pieces_close(pieces);
	if (!pieces->is_open)
		pieces->count++;
	pieces->is_open = true;
	return &pieces->open;
}

bool bank_pieces_done(const struct bank_pieces *pieces, size_t items)
{
	uint64_t before = (pieces->count - 1) * BANK_PIECE_ITEMS + pieces->open.items;
	return before + items <= pieces->done * BANK_PIECE_ITEMS;
}

struct item_map bank_pieces_begin(struct bank_pieces *pieces, const char *command)
{
	struct item_map map = item_map_open(&pieces->commands);
	item_write_pair_text(&pieces->commands, "command", slice_text(command));
	return map;
}

void bank_pieces_end(struct bank_pieces *pieces, struct item_map map)
{
	item_map_close(map, &pieces->commands);
	pieces->open.commands++;
}

bool bank_pieces_next(
	struct bank_pieces *pieces, uint64_t *at, struct bank_piece *piece, struct buffer *commands)
{
	buffer_clear(commands);
	if (pieces->fault != RECOURSE_OK || *at == pieces->closed.size)
		return false;
	keep(pieces, spool_read(&pieces->closed, *at, piece, sizeof *piece));
	if (pieces->fault != RECOURSE_OK)
		return false;
	uint8_t *room = buffer_reserve(commands, (size_t)piece->size + 1);
	if (room == NULL) {
		keep(pieces, RECOURSE_MEMORY);
		return false;
	}
	keep(pieces, spool_read(&pieces->closed, *at + sizeof *piece, room, (size_t)piece->size));
	commands->size = (size_t)piece->size;
	*at += sizeof *piece + piece->size;
	return pieces->fault == RECOURSE_OK;
}

void bank_pieces_free(struct bank_pieces *pieces)
{
	buffer_free(&pieces->commands);
	spool_free(&pieces->closed);
}
