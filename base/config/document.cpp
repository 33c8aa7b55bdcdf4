// SPDX-License-Identifier: Apache-2.0
#include "base/config/document.h"

#include "base/config/extent.h"
#include "base/config/text_check.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

namespace pchat::config {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Thrown out of the event handler when going on would cost more than any real document does.
struct Stop {
    Diagnostic why;
};

Diagnostic unreadable(Span at, std::string message, std::string hint) {
    return {.rule = "SHAPE-01", .at = at, .message = std::move(message), .hint = std::move(hint)};
}

// Builds the tree from yaml-cpp's events. The parser's own node layer would keep the first of two
// equal keys silently, follow merge keys and lose the places.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(
        std::string_view text,
        std::size_t skipped,
        const DocumentLimits& limits,
        std::vector<Diagnostic>& problems
    )
        : text_(text), skipped_(skipped), limits_(limits), problems_(problems) {}

    [[nodiscard]] std::optional<Node> take() { return std::move(root_); }

    [[nodiscard]] std::optional<Span> open_flow() const {
        const auto flow = std::find_if(open_.rbegin(), open_.rend(), [](const Open& open) {
            return open.node.flow;
        });
        if (flow == open_.rend())
            return std::nullopt;
        return Span{flow->node.span.begin, flow->node.span.begin + 1};
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_)
            throw Stop{unreadable(
                at(mark, 3),
                "a second document begins here",
                "one file holds one document: split it, or remove '---'"
            )};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(start(NodeKind::null, mark, anchor));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        Node node = start(NodeKind::broken, mark, 0);
        const std::string_view rest = text_.substr(node.span.begin);
        node.span.end =
            node.span.begin +
            static_cast<std::uint32_t>(std::min(rest.find_first_of(" \t\r\n,]}"), rest.size()));
        problems_.push_back(
            unreadable(node.span, "aliases ('*name') are not supported", "write the value out")
        );
        add(std::move(node));
    }

    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        const std::string& value
    ) override {
        Node node = start(NodeKind::scalar, mark, anchor);
        node.value = value;
        node.style = style_at(node.span.begin, tag);
        const bool is_quoted =
            node.style == ScalarStyle::single_quoted || node.style == ScalarStyle::double_quoted;
        // yaml-cpp takes the end of the file for the closing quote.
        if (is_quoted && !quoted_end(text_, node.span.begin))
            throw Stop{unreadable(
                at(mark, 1), "a quoted text is not closed", "close it with the quote that opened it"
            )};
        if (refuse_tag(node, tag) || anchor != 0)
            node.kind = NodeKind::broken;
        add(std::move(node));
    }

    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override {
        open(NodeKind::sequence, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override {
        open(NodeKind::mapping, mark, tag, anchor, style);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        Node node;
        std::optional<Node> key;               // a mapping's key that waits for its value
        std::unordered_set<std::string> keys;  // of a mapping
        bool refused = false;                  // carried a tag or an anchor
    };

    [[nodiscard]] Span at(const YAML::Mark& mark, std::size_t length) const {
        const std::size_t begin =
            std::min(static_cast<std::size_t>(std::max(mark.pos, 0)) + skipped_, text_.size());
        return {
            static_cast<std::uint32_t>(begin),
            static_cast<std::uint32_t>(std::min(begin + length, text_.size()))};
    }

    // A key that is only begun may stand at the very end of the text.
    [[nodiscard]] Span first_bytes(const Node& node, std::uint32_t count) const {
        const auto size = static_cast<std::uint32_t>(text_.size());
        return {node.span.begin, std::min(node.span.begin + count, size)};
    }

    Node start(NodeKind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (++nodes_ > limits_.nodes)
            throw Stop{unreadable(
                at(mark, 1),
                fmt::format("the document has more than {} values", limits_.nodes),
                "is this the right file?"
            )};
        Node node;
        node.kind = kind;
        node.span = at(mark, 0);
        if (anchor != 0)
            problems_.push_back(unreadable(
                at(mark, 1),
                "anchors ('&name') are not supported",
                "write the value out where it is used"
            ));
        return node;
    }

    [[nodiscard]] ScalarStyle style_at(std::size_t begin, const std::string& tag) const {
        // yaml-cpp gives plain scalars the tag "?" and all others "!".
        if (tag == "?" || begin >= text_.size())
            return ScalarStyle::plain;
        switch (text_[begin]) {
        case '\'':
            return ScalarStyle::single_quoted;
        case '"':
            return ScalarStyle::double_quoted;
        case '|':
        case '>':
            return ScalarStyle::block;
        default:
            return ScalarStyle::plain;
        }
    }

    bool refuse_tag(const Node& node, const std::string& tag) {
        if (tag.empty() || tag == "?" ||
            (tag == "!" && !text_.substr(node.span.begin).starts_with('!')))
            return false;
        problems_.push_back(unreadable(
            first_bytes(node, 1),
            "tags ('!type') are not supported",
            "remove the tag: types follow from the field"
        ));
        return true;
    }

    void open(
        NodeKind kind,
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) {
        Node node = start(kind, mark, anchor);
        node.flow = style == YAML::EmitterStyle::Flow;
        if (open_.size() >= limits_.depth)
            throw Stop{unreadable(
                at(mark, 1),
                fmt::format("values are nested more than {} deep", limits_.depth),
                "is this the right file?"
            )};
        const bool refused = refuse_tag(node, tag) || anchor != 0;
        open_.push_back({std::move(node), std::nullopt, {}, refused});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        if (done.refused)
            done.node.incomplete = true;
        add(std::move(done.node));
    }

    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == NodeKind::sequence)
            parent.node.items.push_back(std::move(node));
        else if (!parent.key)
            parent.key = std::move(node);
        else
            add_entry(parent, std::move(node));
    }

    // Refused entries stay in the tree until the extents are known: drop_refused() takes them out.
    // A key that is `incomplete` is a merge key or given twice.
    void add_entry(Open& parent, Node value) {
        Node key = std::move(*parent.key);
        parent.key.reset();
        if (key.kind != NodeKind::scalar) {
            if (key.kind != NodeKind::broken)
                problems_.push_back(unreadable(
                    first_bytes(key, 1), "a key must be a plain text", "write KEY: VALUE"
                ));
            key.kind = NodeKind::broken;
            parent.node.incomplete = true;
        } else if (key.value == "<<" && key.style == ScalarStyle::plain) {
            problems_.push_back(unreadable(
                first_bytes(key, 2), "merge keys ('<<') are not supported", "write the fields out"
            ));
            key.incomplete = true;
            parent.node.incomplete = true;
        } else {
            key.incomplete = !parent.keys.insert(key.value).second;
        }
        parent.node.entries.push_back({std::move(key), std::move(value)});
    }

    std::string_view text_;
    std::size_t skipped_;
    const DocumentLimits& limits_;
    std::vector<Diagnostic>& problems_;
    std::size_t nodes_ = 0;
    std::vector<Open> open_;
    std::optional<Node> root_;
};

// After the extents are known: reports keys given twice and takes refused entries out of the tree.
void drop_refused(Node& node, const SourceText& source, std::vector<Diagnostic>& problems) {
    for (Node& item : node.items)
        drop_refused(item, source, problems);
    std::unordered_map<std::string, Span> first;
    std::vector<Entry> kept;
    kept.reserve(node.entries.size());
    for (Entry& entry : node.entries) {
        const bool merge = entry.key.value == "<<" && entry.key.style == ScalarStyle::plain;
        if (entry.key.kind != NodeKind::scalar || (merge && entry.key.incomplete))
            continue;
        if (!entry.key.incomplete) {
            drop_refused(entry.value, source, problems);
            first.emplace(entry.key.value, entry.key.span);
            kept.push_back(std::move(entry));
            continue;
        }
        problems.push_back(
            {.rule = "SHAPE-05",
             .at = entry.key.span,
             .message = fmt::format("key '{}' is given twice", printable(entry.key.value)),
             .hint = "remove one of them",
             .notes = {{first[entry.key.value], "first given here"}}}
        );
    }
    node.entries = std::move(kept);
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key.value == key)
            return &entry;
    return nullptr;
}

Document read_document(std::string name, std::string text, const DocumentLimits& limits) {
    Document document;
    document.source = std::make_shared<const SourceText>(std::move(name), std::move(text));
    const SourceText& source = *document.source;
    if (auto problem = unfit_text(source, limits)) {
        document.problems.push_back(std::move(*problem));
        return document;
    }
    const std::string_view all = source.text();
    const std::size_t skipped = all.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    TreeBuilder builder{all, skipped, limits, document.problems};
    try {
        // With a last line end a quote that is never closed reaches the builder, which knows where
        // it opened.
        std::istringstream stream{std::string{all.substr(skipped)} + "\n"};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop& stop) {
        document.problems.push_back(stop.why);
    } catch (const YAML::Exception& error) {
        const auto offset = static_cast<std::uint32_t>(
            static_cast<std::size_t>(std::max(error.mark.pos, 0)) + skipped
        );
        document.problems.push_back(
            explain_syntax_error(source, offset, error.msg, builder.open_flow())
        );
    }
    document.root = builder.take();
    if (document.root) {
        find_extents(*document.root, all);
        drop_refused(*document.root, source, document.problems);
    } else if (document.problems.empty()) {
        document.problems.push_back(
            unreadable({0, 0}, "the document is empty", "a first one: pchatctl topology init")
        );
    }
    return document;
}

}  // namespace pchat::config
