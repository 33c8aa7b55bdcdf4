// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/listener.h"
#include "tests/support/temp_dir.h"

#include <string>

namespace pchat::test {

/// Writes NAME.pem and NAME.key: signed by itself, valid from a day before `until_days` from now.
net::TlsFiles write_certificate(
    const TempDir& directory, const std::string& name, int until_days = 1
);

}  // namespace pchat::test
