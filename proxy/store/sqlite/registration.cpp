#include "proxy/store/sqlite/registration.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "proxy/store/sqlite/audit_log.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"
#include "proxy/store/sqlite/settler.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

struct Known {
  DestinationId destination = 0;
  std::string url;
  std::string credential;
  Key held_through = 0;
  std::optional<delivery::BlockCause> blocked{};
  bool configured = false;
};

std::uint32_t only_id(Rows rows) {
  rows.next();
  return static_cast<std::uint32_t>(rows.integer(0));
}

OrganisationId register_organisation(Database& database, std::string_view name) {
  database.add_organisation.execute(name);
  const OrganisationId organisation = only_id(database.find_organisation.query(name));
  if (organisation > kOrganisationMax) throw SqliteError(SQLITE_FULL, 0, "too many organisations");
  return organisation;
}

std::int64_t count_held(Database& database, DestinationId destination, Key held_through) {
  const Key settled_through = destination_state(database, destination)->delivered_through;
  return SettledKeys(database, destination, settled_through)
      .count_waiting({settled_through + 1, held_through});
}

// The destinations of one organisation: those that are known, matched with those configured.
class Registration {
 public:
  Registration(Database& database, OrganisationId organisation)
      : database_(database), organisation_(organisation) {}

  void know_all() {
    Rows rows = database_.destinations_of.query(organisation_);
    while (rows.next()) {
      Known known{.destination = static_cast<DestinationId>(rows.integer(0)),
                  .url = std::string(rows.text(1)),
                  .credential = std::string(rows.text(2)),
                  .held_through = rows.integer(3)};
      if (!rows.is_null(4)) known.blocked = static_cast<delivery::BlockCause>(rows.integer(4));
      known_.push_back(std::move(known));
    }
  }

  // By the name under which it runs: where a commit failed that reached the disk after all, the
  // store has another.
  void know(const RunningDestination& running) {
    const DestinationId destination = running.ids.destination;
    const auto state = destination_state(database_, destination);
    known_.push_back({.destination = destination,
                      .url = running.name.url,
                      .credential = running.name.credential,
                      .held_through = state->held_through,
                      .blocked = state->blocked});
  }

  void match_url(const DestinationName& name) {
    Known* same = of_url(name.url);
    if (same != nullptr) same->configured = true;
  }

  // Whichever has the URL in the file.
  std::optional<DestinationId> destination_of(std::string_view url) {
    Rows rows = database_.find_destination.query(organisation_, url);
    return rows.next() ? std::optional(static_cast<DestinationId>(rows.integer(0))) : std::nullopt;
  }

  // After every name of the organisation had its match_url().
  RegisteredDestination take(const DestinationName& name) {
    Known* known = of_url(name.url);
    if (known == nullptr) known = first_not_configured();
    if (known == nullptr) known = &add(name);
    known->configured = true;
    update(*known, name);
    return {.ids = {organisation_, known->destination},
            .held_through = known->held_through,
            .held = count_held(database_, known->destination, known->held_through),
            .blocked = known->blocked};
  }

 private:
  Known* of_url(std::string_view url) {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [url](const Known& known) { return known.url == url; });
    return found == known_.end() ? nullptr : &*found;
  }

  Known* first_not_configured() {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [](const Known& known) { return !known.configured; });
    return found == known_.end() ? nullptr : &*found;
  }

  Known& add(const DestinationName& name) {
    database_.add_destination.execute(organisation_, std::string_view(name.url));
    const std::uint32_t destination =
        only_id(database_.find_destination.query(organisation_, std::string_view(name.url)));
    known_.push_back({.destination = destination, .url = name.url, .credential = name.credential});
    return known_.back();
  }

  // A credential that is not known, as in files of version 1, is no other one.
  void update(Known& known, const DestinationName& name) {
    const bool is_another_key = !known.credential.empty() && known.credential != name.credential;
    const bool is_changed = is_another_key || known.url != name.url;
    known.url = name.url;
    known.credential = name.credential;
    database_.rename_destination.execute(known.destination, std::string_view(name.url),
                                         std::string_view(name.credential));
    if (is_changed) {
      known.blocked.reset();
      note_block(database_, known.destination, std::nullopt);
      known.held_through = destination_state(database_, known.destination)->last_key;
    }
    if (count_held(database_, known.destination, known.held_through) == 0) known.held_through = 0;
    database_.hold.execute(known.destination, known.held_through);
  }

  Database& database_;
  OrganisationId organisation_;
  std::vector<Known> known_;
};

using Organisations = std::map<std::string_view, Registration>;

std::vector<RegisteredDestination> matched(Organisations& organisations,
                                           std::span<const DestinationName> names) {
  for (const DestinationName& name : names) organisations.at(name.organisation).match_url(name);
  std::vector<RegisteredDestination> registered;
  registered.reserve(names.size());
  for (const DestinationName& name : names) {
    registered.push_back(organisations.at(name.organisation).take(name));
  }
  return registered;
}

}  // namespace

std::vector<RegisteredDestination> register_destinations(Database& database,
                                                         std::span<const DestinationName> names) {
  Organisations organisations;
  for (const DestinationName& name : names) {
    if (organisations.contains(name.organisation)) continue;
    const OrganisationId organisation = register_organisation(database, name.organisation);
    organisations.try_emplace(name.organisation, database, organisation).first->second.know_all();
  }
  return matched(organisations, names);
}

StoreResult<std::vector<RegisteredDestination>> change_destinations(
    Database& database, std::span<const RunningDestination> running,
    std::span<const DestinationName> names) {
  Organisations organisations;
  std::set<DestinationId> run;
  for (const RunningDestination& one : running) {
    run.insert(one.ids.destination);
    organisations.try_emplace(one.name.organisation, database, one.ids.organisation)
        .first->second.know(one);
  }
  for (const DestinationName& name : names) {
    Registration& organisation = organisations.at(name.organisation);
    const auto other = organisation.destination_of(name.url);
    if (other && !run.contains(*other)) {
      return {{}, {ErrorCode::Conflict, name.url + " is a destination of an earlier run"}};
    }
  }
  return {matched(organisations, names), {}};
}

std::int64_t release(Database& database, DestinationId destination, const Order& order) {
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return 0;
  const std::int64_t held = count_held(database, destination, state->held_through);
  if (held == 0) return 0;
  database.hold.execute(destination, std::int64_t{0});
  write_audit(database, {.what = "released", .destination = destination, .entries = held}, order);
  return held;
}

}  // namespace waypost::relay::sqlite
