// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include "cli/bound_command.h"
#include "cli/help_page.h"
#include "cli/help_topics.h"
#include "cli/route.h"
#include "cli/scan.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

struct Candidate {
    std::string word;
    std::string description;
};

/// One question: the words before the cursor are understood, the word under it is half typed.
class Completer {
public:
    Completer(
        const CommandTable& table,
        std::vector<std::string> before,
        std::string current,
        Context& ctx
    )
        : table_(table), before_(std::move(before)), current_(std::move(current)), ctx_(ctx) {}

    void answer() {
        const Route route = find_route(table_, before_);
        if (route.command)
            after_command(*route.command, route.rest);
        else if (route.unknown.empty())
            before_command(route.prefix);
        print();
    }

private:
    bool is_flag_started() const { return !current_.empty() && current_[0] == '-'; }

    void before_command(const std::string& prefix) {
        if (is_flag_started()) {
            candidates_.push_back({"--help", "show this help"});
            if (prefix.empty())
                candidates_.push_back({"--version", "show the version"});
            return;
        }
        add_command_words(prefix);
    }

    void add_command_words(const std::string& prefix) {
        for (const std::string& word : table_.next_words(prefix)) {
            const std::string path = prefix.empty() ? word : prefix + " " + word;
            const Command* command = table_.find(path);
            candidates_.push_back({word, command ? command->summary : table_.noun_summary(path)});
        }
    }

    void after_command(const Command& command, const std::vector<std::string>& rest) {
        const BoundCommand bound(command);
        const std::vector<Arg> args = bound.all();
        const std::vector<Word> words = scan(rest, args);
        const bool only_positionals = std::any_of(words.begin(), words.end(), [](const Word& word) {
            return word.role == Role::separator;
        });
        if (const Arg* flag = waiting_flag(words); flag && !only_positionals)
            add_values(*flag, "", words, args);
        else if (is_flag_started() && !only_positionals)
            add_flags(words, args);
        else
            add_positional(words, args);
    }

    static const Arg* waiting_flag(const std::vector<Word>& words) {
        if (words.empty() || words.back().role != Role::flag || words.back().value ||
            words.back().flags.empty())
            return nullptr;
        const Arg* flag = words.back().flags.back();
        return takes_value(*flag) ? flag : nullptr;
    }

    void add_flags(const std::vector<Word>& words, const std::vector<Arg>& args) {
        if (const std::size_t equals = current_.find('=');
            equals != current_.npos && current_.size() > 2) {
            if (const Arg* flag = find_flag(args, current_.substr(2, equals - 2)))
                add_values(*flag, current_.substr(0, equals + 1), words, args);
            return;
        }
        for (const Arg& arg : args) {
            if (arg.positional || arg.hidden || (has_flag(words, arg.name) && !arg.repeatable))
                continue;
            candidates_.push_back({"--" + arg.name, arg.help});
        }
    }

    void add_positional(const std::vector<Word>& words, const std::vector<Arg>& args) {
        auto given = std::count_if(words.begin(), words.end(), [](const Word& word) {
            return word.role == Role::positional;
        });
        for (const Arg& arg : args) {
            if (!arg.positional)
                continue;
            if (arg.repeatable || given == 0)
                return add_values(arg, "", words, args);
            --given;
        }
    }

    /// `start` is what stands before the value in the same word: "--output=".
    void add_values(
        const Arg& arg,
        const std::string& start,
        const std::vector<Word>& words,
        const std::vector<Arg>& args
    ) {
        if (arg.kind == ValueKind::file)
            directive_ = ":files";
        if (arg.kind == ValueKind::directory)
            directive_ = ":directories";
        if (arg.kind == ValueKind::command)
            add_help_words(words);
        for (const std::string& choice : arg.choices)
            candidates_.push_back({start + choice, {}});
        if (arg.kind == ValueKind::name)
            for (const std::string& name :
                 topology_names(ctx_, arg.refers, file_in_reach(words, args)))
                candidates_.push_back({start + name, arg.refers});
    }

    void add_help_words(const std::vector<Word>& words) {
        std::string prefix;
        for (const Word& word : words)
            if (word.role == Role::positional)
                prefix += (prefix.empty() ? "" : " ") + word.text;
        add_command_words(prefix);
        if (prefix.empty())
            for (const HelpTopic& topic : help_topics())
                candidates_.push_back({topic.name, topic.summary});
    }

    /// The topology that the line speaks of: as a flag, as an argument, from the environment, or
    /// the usual one.
    std::string file_in_reach(const std::vector<Word>& words, const std::vector<Arg>& args) const {
        if (const auto typed = value_of(words, "file"))
            return as_path(*typed);
        std::vector<const Word*> positionals;
        for (const Word& word : words)
            if (word.role == Role::positional)
                positionals.push_back(&word);
        std::size_t index = 0;
        for (const Arg& arg : args) {
            if (!arg.positional)
                continue;
            if (arg.kind == ValueKind::file && index < positionals.size())
                return as_path(positionals[index]->text);
            ++index;
        }
        const std::string chosen = ctx_.variable("PCHATCTL_TOPOLOGY");
        return chosen.empty() ? "topology.yaml" : chosen;
    }

    /// The shell hands over half-typed words as they are written: ~ and quotes are still in them.
    std::string as_path(std::string text) const {
        text.erase(
            std::remove_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '\''; }),
            text.end()
        );
        return text.compare(0, 2, "~/") == 0 ? ctx_.variable("HOME") + text.substr(1) : text;
    }

    void print() const {
        for (const Candidate& candidate : candidates_)
            if (candidate.word.compare(0, current_.size(), current_) == 0)
                ctx_.out << candidate.word << '\t' << candidate.description << '\n';
        if (!directive_.empty())
            ctx_.out << directive_ << '\n';
    }

    const CommandTable& table_;
    std::vector<std::string> before_;
    std::string current_;
    Context& ctx_;
    std::vector<Candidate> candidates_;
    std::string directive_;
};

}  // namespace

int complete(
    const CommandTable& table,
    const std::string& index,
    const std::vector<std::string>& words,
    Context& ctx
) {
    std::size_t cursor = 0;
    const auto [stop, problem] = std::from_chars(index.data(), index.data() + index.size(), cursor);
    if (problem != std::errc{} || stop != index.data() + index.size() || cursor == 0)
        return 0;
    const std::size_t typed = std::min(cursor - 1, words.size());
    const auto middle = words.begin() + static_cast<std::ptrdiff_t>(typed);
    try {
        Completer(
            table, {words.begin(), middle}, typed < words.size() ? *middle : std::string(), ctx
        )
            .answer();
    } catch (const std::exception&) {
        return 0;
    }
    return 0;
}

}  // namespace pchat::cli
