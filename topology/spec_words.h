// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/field_words.h"
#include "topology/model.h"

// The words in which the rows of the field table (spec*.cpp) are written.
namespace pchat::topology::spec_words {

using namespace config::field_words;
using config::choice;
using config::Field;
using config::FieldKind;
using config::object;
using config::object_list;
using config::plain;

inline constexpr std::int64_t most_users =
    100'000'000;  // above any plan; keeps sums far from overflow

}  // namespace pchat::topology::spec_words

namespace pchat::topology {

// The big objects, each with a file of its own.
const Shape& front_end_shape();     // spec_front_ends.cpp
const Shape& other_server_shape();  // spec_front_ends.cpp
const Shape& sql_instance_shape();  // spec_stores.cpp
const Shape& file_store_shape();    // spec_stores.cpp
const Shape& pool_shape();          // spec_pool.cpp

}  // namespace pchat::topology
