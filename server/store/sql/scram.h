// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace pchat::sql {

/// What PostgreSQL stores of a password (RFC 5803): given to `create role`, the password itself
/// never appears in a statement, nor in the server's log.
std::string scram_sha256_verifier(
    const Secret& password, std::string_view salt, int iterations = 4096
);

/// The same for SQL Server 2012 and newer, for `WITH PASSWORD = ... HASHED`: 0x0200, a salt of four
/// bytes and the SHA-512 of the password in UTF-16 and the salt.
std::string sqlserver_password_hash(const Secret& password, std::string_view salt);

/// Random bytes from the system.
Result<std::string> random_bytes(std::size_t count);

}  // namespace pchat::sql
