// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/bundle.h"
#include "cli/deploy/render_node.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// A file that is on a node; what it holds is known by its hash.
struct FoundFile {
    std::string owner;
    std::string group;
    std::string mode;  // "0640"
    std::string sha256;
};

struct FoundUnit {
    std::string name;   // "pchatd", whoever supervises it
    std::string state;  // "active"
    std::string sub_state;
    bool enabled = false;
    std::int64_t pid = 0;
    std::int64_t since = 0;
};

struct FoundPort {
    bool taken = false;
    std::int64_t user = -1;
    std::string program;  // may be empty
};

struct FoundStore {
    bool there = false;
    bool mounted = false;
    bool writable = false;
    std::string problem;  // why it is not
    std::string kind;     // of file system
    std::string source;
};

/// A change that a node keeps.
struct FoundChange {
    std::string id;
    std::string release;
};

/// What somebody else is doing on the node, or did and left behind.
struct FoundActivation {
    enum class State : std::uint8_t { none, running, gone };
    State state = State::none;
    std::string from;
    std::string to;
    std::string who;
};

struct FoundLock {
    std::string owner;
    std::int64_t age = 0;  // seconds since it was taken or used
};

/// What a node says of itself (deploy/node says in which words).
struct NodeFound {
    std::string os;
    std::string os_version;
    std::string os_name;
    std::string architecture;
    std::string glibc;
    std::optional<Supervisor> supervisor;
    double time = 0;
    std::int64_t memory = 0;
    std::int64_t open_files = 0;  // most that a service can get
    std::map<std::string, std::int64_t> free;
    bool has_account = false;
    std::vector<std::string> addresses;          // its own; empty: not told
    std::vector<std::string> id_taken_by;        // "uid 842 ann"
    std::vector<std::string> releases;           // whole ones
    std::map<std::string, std::string> damaged;  // release -> what is wrong with it
    std::map<std::string, SchemaSteps> schemas;  // by release
    std::vector<FoundChange> changes;            // newest first
    std::string current;                         // empty: none
    std::string active;                          // change
    std::string previous;                        // change
    FoundActivation activation;
    std::optional<FoundLock> lock;
    std::vector<FoundUnit> units;
    std::map<std::string, FoundFile> files;  // those of the question that are there
    std::vector<std::string> others;         // ours by their place, and not asked for
    std::map<std::string, std::vector<std::string>> names;
    std::map<std::int64_t, FoundPort> ports;
    std::map<std::string, FoundStore> stores;
    std::map<std::string, std::string> reached;  // "host:port" -> "open", "refused", ...
    std::vector<std::string> drivers;

    [[nodiscard]] const FoundUnit* unit(std::string_view name) const;
    /// The release of a change that it keeps; empty: of none.
    [[nodiscard]] std::string release_of(std::string_view change) const;
};

/// Words that it does not know are passed over: the program on the node may be newer. Errc::invalid
/// where what it must say is missing.
Result<NodeFound> read_found(std::string_view text);

/// "message" and "hint" of a failure of the program on the node; what it wrote where it is none.
Error node_error(const std::string& err, const std::string& doing);

/// The words of a line, which stand between tabs; nothing in them is a command for a terminal.
std::vector<std::string> words_of(std::string_view line);

}  // namespace pchat::cli
