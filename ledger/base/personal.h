/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * I1: whether an id has the form of a number that a person of mainland China goes by: a mobile telephone number
 * (11 digits from 13 to 19, with or without 86 or 0086 in front) or an identity number (GB 11643: 18 digits, the last
 * may be X, with a province, a date of birth and a check digit that fit). Hyphens, points and underscores between the
 * digits are passed over; anything else beside digits makes it another id. Names and addresses have no form: that
 * whoever makes ids leaves those out can not be checked.
 */
bool personal_number(slice id);
