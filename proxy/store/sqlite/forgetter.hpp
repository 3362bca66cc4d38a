#pragma once

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

// Ids are kept for limits::kDeliveredIdKeptMs after their delivery. When that was is remembered by
// a mark a day and not by row, so that the hot path pays nothing for it.
namespace waypost::relay::sqlite {

// Notes how far every destination of the organisation has come, at most once a day. Within the
// caller's transaction.
void mark_delivered(Database& database, OrganisationId organisation, Instant now);

// One step of forgetting, of at most count_max ids, in a transaction of its own. Returns
// whether more may be left.
bool forget_delivered_ids(Database& database, Instant now, std::size_t count_max);

}  // namespace waypost::relay::sqlite
