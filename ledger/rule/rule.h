/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What every rule, view and check is written with: the books' records and how they are read, a command being decided,
 * a question being answered. A file in rules/ or decide/ includes this, mostly by its own header, and beside it by
 * name just what it takes from elsewhere.
 */
#include "base/instant.h"
#include "books/day.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "rule/area.h"
#include "rule/attest.h"
#include "rule/authority.h"
#include "rule/booked.h"
#include "rule/calendar.h"
#include "rule/check.h"
#include "rule/clock.h"
#include "rule/command.h"
#include "rule/decision.h"
#include "rule/entry_view.h"
#include "rule/estate.h"
#include "rule/party.h"
#include "rule/person.h"
#include "rule/place.h"
#include "rule/publish.h"
#include "rule/query.h"
#include "rule/sealed.h"
#include "rule/terms.h"
#include "rule/unidentified.h"
#include "rule/version.h"
#include "rule/view.h"
