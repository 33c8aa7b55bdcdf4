// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace pchat {

/// What a new password must be: 8 to 256 characters of UTF-8, none of them a control character.
Result<void> check_password(const Secret& password);

/// argon2id as a PHC string, with a salt of its own; takes 19 MiB and some 20 milliseconds on
/// purpose. The password is prepared by SASLprep, so that it may be typed in more than one way.
Result<std::string> hash_password(const Secret& password);

/// Whether it is the password of that hash. As slow.
bool password_matches(const Secret& password, std::string_view hash);

}  // namespace pchat
