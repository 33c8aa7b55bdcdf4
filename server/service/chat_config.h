// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <span>

namespace pchat {

/// The settings in force here. What an object leaves out, or says wrongly, is the default.
ChatConfig effective_chat_config(std::span<const ConfigObject> objects, const Home& home);

}  // namespace pchat
