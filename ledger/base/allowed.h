/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * What would have been allowed: the wordings of refusals that are kept. A record of a request lasts for ever and is
 * compared byte for byte, a wording is mended now and then; so the record has a number and the figures, and the words are
 * made when they are shown. A number never changes its meaning; its words may.
 */
enum { ALLOWED_FIGURES_SIZE = 96 };

/* The number of a wording, as it is passed to refusal_field() or, with its conversions, to refusal_limit(); 0: of none. */
uint32_t allowed_number(const char *wording);

/*
 * What the conversions of that wording became in a text that was made by it, one after the other with a bar between.
 * False where the text was not made so, or the figures have no room or a bar in them.
 */
bool allowed_figures(uint32_t number, const char *text, char figures[static ALLOWED_FIGURES_SIZE]);

/* The text again, cut off after `size` with its NUL. False for a number or figures that there are not. */
bool allowed_text(uint32_t number, slice figures, char *text, size_t size);
