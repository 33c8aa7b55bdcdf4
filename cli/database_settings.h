// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <nlohmann/json.hpp>

#include <string>

namespace pchat::cli {

/// A database as pchatd.yaml names it; `password` is where the password of its login is.
nlohmann::ordered_json database_settings(const sql::Target& database, const std::string& password);

}  // namespace pchat::cli
