// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <string>

namespace pchat {

/// A contact object: an address of its own by which legacy clients reach a pool. The pool's own
/// address needs none.
struct Endpoint {
    EndpointId id;
    std::string uuid;
    std::string name_key;  // of name
    std::string name;      // user@domain
    std::string pool;      // lower case
    std::string display_name;
    Microseconds created_at = 0;
    PrincipalId created_by;
};

}  // namespace pchat
