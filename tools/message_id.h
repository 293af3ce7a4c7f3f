/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * What a file of payments calls itself towards who pays them: the same each time that it is written, so that who gets one a second time
 * sees that, and so that an answer to it leads to its payments. Upper-case letters and digits, which every rail takes.
 */
enum { MESSAGE_ID_SIZE = 32 };

/* The n-th file of a batch, from 1; with a NUL behind. */
void message_id_make(
	slice origin, slice rail, slice batch, uint64_t number, char text[static MESSAGE_ID_SIZE + 1]);
