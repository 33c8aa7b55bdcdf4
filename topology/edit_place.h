// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/edit.h"
#include "topology/yaml_edit.h"

namespace pchat::topology {

/// Where a thing stands in a document, or where a new one goes.
struct Place {
    yaml::Path path;            // the thing; of a new one: its list
    yaml::Value identity;       // of a new one: the fields that its name consists of
    bool in_front_end = false;  // a machine of a front end
};

Result<Place> find_place(const config::Document& document, const Target& target);
Result<Place> place_for_new(const config::Document& document, const Target& target);

}  // namespace pchat::topology
