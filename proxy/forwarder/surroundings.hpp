#pragma once

#include <memory>
#include <string>

#include "proxy/forwarder/forwarder.hpp"
#include "proxy/forwarder/mailbox.hpp"
#include "proxy/lrs_client/lrs_client.hpp"
#include "proxy/store/group_commit.hpp"

namespace waypost::relay {

// What the senders of all destinations share.
struct Surroundings {
  GroupCommit& commits;
  LrsClient& client;
  ForwarderObserver& observer;
  std::shared_ptr<Mailbox> mailbox;
  std::string lease_owner;
  Duration lease;
};

}  // namespace waypost::relay
