// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

constexpr std::size_t most_endpoints = 1'000;

/// What a new contact object is to be.
struct EndpointFields {
    std::string address;  // sip:user@domain
    std::string pool;     // empty: this one
    std::string display;  // empty: the part before the @
};

// All wait; the caller has asked for the role.

/// Refused for an address that somebody has, and for a SIP domain or pool that the topology as
/// published does not have.
Result<Endpoint> create_endpoint(
    Changes& changes, const AdminCall& call, const EndpointFields& fields
);
/// What it was.
Result<Endpoint> remove_endpoint(Changes& changes, const AdminCall& call, std::string_view address);
Result<Endpoint> get_endpoint(ContentDatabase& content, std::string_view address);
Result<std::vector<Endpoint>> list_endpoints(ContentDatabase& content);

/// Users and endpoints share one space of addresses.
Result<void> check_no_endpoint(Change& change, const std::string& name_key);

}  // namespace pchat
