// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::sql {

/// One numbered step of a schema.
struct Step {
    int version = 0;
    std::string name;  // "0001_init"
    std::string_view script;
    std::string sha256;  // of the script
};

/// The steps that this program was built with, from version 1 on without gaps.
std::vector<Step> built_in_steps(Engine engine, Purpose purpose);

}  // namespace pchat::sql
