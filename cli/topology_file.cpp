// SPDX-License-Identifier: Apache-2.0
#include "cli/topology_file.h"

#include "base/config/document.h"
#include "base/diagnostic.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <ostream>

namespace pchat::cli {
namespace {

constexpr std::string_view default_file = "topology.yaml";

/// Closes its descriptor.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

tl::unexpected<Error> cannot_read(const std::string& path, std::string_view why, std::string hint) {
    return fail(Errc::bad_file, fmt::format("cannot read {}: {}", path, why), std::move(hint));
}

tl::unexpected<Error> too_large(
    const std::string& name, std::size_t bytes, std::size_t most_bytes
) {
    return cannot_read(
        name,
        fmt::format(
            "it has {} bytes, at most {} are read",
            bytes == 0 ? "more" : std::to_string(bytes),
            most_bytes
        ),
        "is this the right file?"
    );
}

std::string hint_for(int code, const InputRules& rules) {
    switch (code) {
    case ENOENT:
        return std::string{rules.first_one};
    case EACCES:
        return "it needs read permission for you";
    default:
        return {};
    }
}

Result<std::string> read_descriptor(
    int descriptor, const std::string& path, std::size_t most_bytes
) {
    std::string text;
    constexpr std::size_t chunk = 65536;
    for (;;) {
        const std::size_t before = text.size();
        text.resize(before + chunk);
        const ssize_t got = ::read(descriptor, text.data() + before, chunk);
        text.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannot_read(path, std::strerror(errno), {});
        if (text.size() > most_bytes)
            return too_large(path, 0, most_bytes);
        if (got == 0)
            return text;
    }
}

Result<std::string> read_file(const std::string& path, const InputRules& rules) {
    // Without O_NONBLOCK a pipe that nobody writes to would hang the command here.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (file.number() < 0)
        return cannot_read(path, std::strerror(errno), hint_for(errno, rules));
    struct stat facts {};
    if (::fstat(file.number(), &facts) != 0)
        return cannot_read(path, std::strerror(errno), {});
    if (S_ISDIR(facts.st_mode))
        return cannot_read(
            path, "it is a directory", fmt::format("name the file in it: {}/{}", path, default_file)
        );
    if (!S_ISREG(facts.st_mode))
        return cannot_read(
            path,
            "it is not a regular file",
            "to read from a pipe give - and redirect: ... | pchatctl ... -"
        );
    if (static_cast<std::size_t>(facts.st_size) > rules.most_bytes)
        return too_large(path, static_cast<std::size_t>(facts.st_size), rules.most_bytes);
    return read_descriptor(file.number(), path, rules.most_bytes);
}

Result<std::string> read_standard_input(Context& ctx, std::size_t most_bytes) {
    if (ctx.terminal.in_is_tty)
        return fail(
            Errc::usage,
            "standard input is a terminal, and '-' reads the document from it",
            "redirect it: pchatctl ... - < topology.yaml"
        );
    std::string text(most_bytes + 1, '\0');
    ctx.in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(ctx.in.gcount()));
    if (text.size() > most_bytes)
        return too_large("<stdin>", 0, most_bytes);
    return text;
}

}  // namespace

Result<std::string> topology_path(const Context& ctx, const std::string& argument) {
    if (!argument.empty())
        return argument;
    const std::string from_environment = ctx.variable("PCHATCTL_TOPOLOGY");
    if (!from_environment.empty())
        return from_environment;
    if (::access(default_file.data(), F_OK) == 0)
        return std::string{default_file};
    return fail(
        Errc::usage,
        fmt::format("no topology file is named, and there is no {} here", default_file),
        "name one, set PCHATCTL_TOPOLOGY, or make one: pchatctl topology init"
    );
}

Result<InputText> read_input(Context& ctx, const std::string& path, const InputRules& rules) {
    const bool from_stdin = path == "-";
    Result<std::string> text =
        from_stdin ? read_standard_input(ctx, rules.most_bytes) : read_file(path, rules);
    if (!text)
        return pass(std::move(text).error());
    return InputText{from_stdin ? "<stdin>" : path, std::move(*text)};
}

Result<topology::Parsed> load_topology(Context& ctx, const std::string& path) {
    Result<InputText> input = read_input(ctx, path);
    if (!input)
        return pass(std::move(input).error());
    topology::Parsed parsed = topology::parse(std::move(input->name), std::move(input->text));
    const std::size_t errors = tally(parsed.problems).errors;
    if (errors == 0)
        return parsed;
    sort_by_place(parsed.problems);
    ctx.err << render_text(
        *parsed.document.source, parsed.problems, ctx.terminal.colour_err ? Colour::yes : Colour::no
    );
    if (ctx.global.output != "json")
        return fail_silently(Errc::bad_file);
    const std::string& name = parsed.document.source->name();
    return fail(
        Errc::bad_file,
        fmt::format("{} has {} error{}", name, errors, errors == 1 ? "" : "s"),
        fmt::format("pchatctl topology validate {}", path)
    );
}

Arg& file_option(Args& args, std::string& into) {
    Arg& arg = args.option("file", into, "FILE", "topology document; - reads standard input");
    arg.letter = 'f';
    arg.kind = ValueKind::file;
    arg.default_text = "$PCHATCTL_TOPOLOGY, then ./topology.yaml";
    return arg;
}

Arg& file_argument(Args& args, std::string& into) {
    Arg& arg = args.positional("file", into, "topology document; - reads standard input");
    arg.kind = ValueKind::file;
    arg.required = false;
    arg.default_text = "$PCHATCTL_TOPOLOGY, then ./topology.yaml";
    return arg;
}

}  // namespace pchat::cli
