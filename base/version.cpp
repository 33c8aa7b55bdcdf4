// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

namespace pchat {

std::string_view version() {
    return PCHAT_VERSION;
}

}  // namespace pchat
