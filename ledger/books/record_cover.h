/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Records of tables.h: what covers consumers, from a merchant's deposit to the recourse for what was advanced. */

#include "books/record_claim.h"
#include "books/record_collateral.h"
#include "books/record_deposit.h"
#include "books/record_sealed.h"
#include "books/record_incident.h"
#include "books/record_payout.h"
#include "books/record_recourse.h"
