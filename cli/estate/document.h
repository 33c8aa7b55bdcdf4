// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/shape.h"

#include <cstdint>
#include <string>

namespace pchat::cli {

// What an estate document says, as it is read: what of it is there, and where.

enum class EstateVersion : std::uint8_t { v1 };
enum class EstateDocumentKind : std::uint8_t { estate };

using DescribedText = config::Located<std::string>;
using DescribedFlag = config::Located<bool>;
using DescribedNumber = config::Located<std::int64_t>;
using DescribedNames = config::List<DescribedText>;
/// Only its word counts.
using DescribedChoice = config::Located<int>;

struct DescribedConfig : config::Object {
    DescribedText identity;
    DescribedNumber default_chat_history;
    DescribedNumber max_file_size_kb;
    DescribedNumber participant_update_limit;
    DescribedText room_management_url;
    DescribedFlag allow_http;
};

struct DescribedPolicy : config::Object {
    DescribedText identity;
    DescribedFlag enable_persistent_chat;
    DescribedText description;
};

struct DescribedGrant : config::Object {
    DescribedText user;
    DescribedText policy;
};

struct DescribedAddin : config::Object {
    DescribedText name;
    DescribedText url;
    DescribedFlag allow_http;
};

struct DescribedCategory : config::Object {
    DescribedText name;
    DescribedText description;
    DescribedFlag invitations;
    DescribedFlag file_upload;
    DescribedFlag history;
    DescribedNames allow;
    DescribedNames deny;
    DescribedNames creators;
};

struct DescribedRoom : config::Object {
    DescribedText name;
    DescribedText description;
    DescribedText category;
    DescribedText addin;
    DescribedChoice type;
    DescribedChoice privacy;
    DescribedChoice invitations;
    DescribedFlag disabled;
    DescribedNames members;
    DescribedNames managers;
    DescribedNames presenters;
};

struct DescribedWall : config::Object {
    DescribedText name;
    DescribedText description;
    DescribedNames a;
    DescribedNames b;
};

struct EstateDocument : config::Object {
    config::Located<EstateVersion> api_version;
    config::Located<EstateDocumentKind> kind;
    DescribedNames prune;
    config::List<DescribedConfig> config;
    config::List<DescribedPolicy> policies;
    config::List<DescribedGrant> grants;
    config::List<DescribedAddin> addins;
    config::List<DescribedCategory> categories;
    config::List<DescribedRoom> rooms;
    config::List<DescribedWall> walls;
};

/// The field table: reading, the JSON Schema and what is sent to the server come from it.
const config::Shape& estate_document_shape();

}  // namespace pchat::cli
