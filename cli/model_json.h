// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/shape.h"

#include <nlohmann/json.hpp>

namespace pchat::cli {

/// An object of a model as its field table tells: every key is there, whatever the document has;
/// what has neither a value nor a default is null.
nlohmann::ordered_json model_to_json(const config::Object& object, const config::Shape& shape);

}  // namespace pchat::cli
