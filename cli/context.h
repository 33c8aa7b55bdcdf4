// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/transport.h"
#include "topology/date.h"

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace pchat::cli {

/// What is known of the three streams and the terminal behind them, judged once at the start.
struct Terminal {
    bool in_is_tty = false;
    bool out_is_tty = false;
    bool err_is_tty = false;
    bool colour_out = false;
    bool colour_err = false;
    int width = 80;
    int height = 24;
};

/// Flags that mean the same everywhere.
struct GlobalOptions {
    std::string output;    // -o; empty: the command's first format
    bool quiet = false;    // -q: only errors on stderr
    bool verbose = false;  // -v
    bool dry_run = false;  // -n, --what-if
    bool yes = false;      // -y
    bool no_input = false;
    bool no_pager = false;
    bool no_color = false;
};

/// Everything a command may touch besides its own arguments: real in main, fakes in tests.
struct Context {
    std::ostream& out;  // results
    std::ostream& err;  // progress, warnings, errors
    std::istream& in;
    Terminal terminal;
    GlobalOptions global;
    std::function<std::optional<std::string>(const std::string&)> environment;
    topology::Date today;
    /// Shows a text through a pager command; false when the command could not be started.
    std::function<bool(const std::string& command, const std::string& text)> pager = {};
    /// How commands reach a server; empty: over the network.
    TransportFactory transport = {};

    /// A line for people on stderr, unless -q.
    void note(const std::string& line) const;

    /// The value of an environment variable; one that is set but empty counts as not set.
    [[nodiscard]] std::string variable(const std::string& name) const;
};

}  // namespace pchat::cli
