// SPDX-License-Identifier: Apache-2.0
#include "base/config/read.h"

#include "base/config/read_scalar.h"
#include "base/suggest.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace pchat::config {
namespace {

class Reader {
public:
    Reader(std::vector<Diagnostic>& problems) : problems_(problems) {}

    void read(const Node& node, const Shape& shape, Object& object, const Where& where) {
        object.whole = node.span;
        object.at = place_of(node, shape);
        if (node.kind != NodeKind::mapping) {
            object.state = State::bad;
            mark_all_bad(shape, object);
            if (node.kind != NodeKind::broken)
                report(
                    "SHAPE-02",
                    node.span,
                    where,
                    fmt::format("{} must be an object, got {}", where.object(), kind_of(node))
                );
            return;
        }
        object.state = State::given;
        std::set<std::string_view> hidden = read_known(node, shape, object, where);
        for (const Field& field : shape.fields) {
            if (node.find(field.key) != nullptr)
                continue;
            if (hidden.contains(field.key) || node.incomplete)
                mark_bad(field, object);
            else
                absent(field, object, where);
        }
    }

private:
    Diagnostic& report(
        std::string_view rule,
        Span at,
        const Where& where,
        std::string message,
        std::string hint = {}
    ) {
        problems_.push_back(
            {.rule = std::string{rule},
             .at = at,
             .subject = where.owner,
             .message = std::move(message),
             .hint = std::move(hint)}
        );
        return problems_.back();
    }

    void report(const Complaint& complaint, Span at, const Where& where) {
        Diagnostic& diagnostic =
            report(complaint.rule, at, where, complaint.message, complaint.hint);
        diagnostic.remark = complaint.remark;
        diagnostic.secret = complaint.secret;
    }

    static Span place_of(const Node& node, const Shape& shape) {
        if (node.kind != NodeKind::mapping || node.entries.empty())
            return node.span;
        const Entry* name = shape.name_key.empty() ? nullptr : node.find(shape.name_key);
        if (name != nullptr && name->value.kind == NodeKind::scalar)
            return name->value.span;
        return node.entries.front().key.span;
    }

    // Reads the entries; returns the fields that were surely meant by an unknown key.
    std::set<std::string_view> read_known(
        const Node& node, const Shape& shape, Object& object, const Where& where
    ) {
        std::set<std::string_view> hidden;
        for (const Entry& entry : node.entries) {
            const Field* field = shape.find(entry.key.value);
            if (field != nullptr) {
                read_field(entry, *field, object, where);
                continue;
            }
            std::vector<std::string_view> free;
            for (const Field& candidate : shape.fields)
                if (node.find(candidate.key) == nullptr)
                    free.push_back(candidate.key);
            auto guess = nearest(entry.key.value, free);
            if (guess)
                hidden.insert(shape.find(*guess)->key);
            else
                guess = nearest(entry.key.value, keys_of(shape));
            Diagnostic& unknown = report(
                "SHAPE-04",
                entry.key.span,
                where,
                fmt::format(
                    "unknown key '{}' in {}",
                    printable(entry.key.value.substr(0, 60)),
                    where.object()
                ),
                guess ? "" : fmt::format("known keys: {}", fmt::join(keys_of(shape), ", "))
            );
            if (guess)
                unknown.remark = fmt::format("did you mean '{}'?", *guess);
            // A misspelled key of a secret still stands before the secret.
            if (holds_secrets(shape))
                unknown.hides = entry.value.span;
        }
        return hidden;
    }

    static bool holds_secrets(const Shape& shape) {
        return std::any_of(shape.fields.begin(), shape.fields.end(), [](const Field& f) {
            return f.secret;
        });
    }

    static std::vector<std::string_view> keys_of(const Shape& shape) {
        std::vector<std::string_view> keys;
        for (const Field& field : shape.fields)
            keys.push_back(field.key);
        return keys;
    }

    void absent(const Field& field, Object& object, const Where& where) {
        // Where a missing value would stand: what judges it points at the object.
        place_absent(field, object);
        if (field.required)
            missing(field, object.at, where);
    }

    void missing(const Field& field, Span at, const Where& where) {
        std::string message = field.missing_text.empty()
                                  ? fmt::format("{} has no {}", where.owner, where.field(field.key))
                                  : fmt::format("{} {}", where.owner, field.missing_text);
        report(
            field.missing_rule,
            at,
            where,
            std::move(message),
            fmt::format("add '{}' ({})", field.key, field.doc)
        );
    }

    static void place_absent(const Field& field, Object& object) {
        field.access.slot(object).at = object.at;
    }

    static void mark_bad(const Field& field, Object& object) {
        Slot& slot = field.access.slot(object);
        slot.at = object.at;
        slot.state = State::bad;
        if (field.kind == FieldKind::object)
            mark_all_bad(field.shape(), field.access.child(object));
    }

    static void mark_all_bad(const Shape& shape, Object& object) {
        for (const Field& field : shape.fields)
            mark_bad(field, object);
    }

    void read_field(const Entry& entry, const Field& field, Object& object, const Where& where) {
        const Node& value = entry.value;
        if (value.kind == NodeKind::broken)
            return mark_bad(field, object);
        if (value.kind == NodeKind::null && field.kind != FieldKind::object) {
            mark_bad(field, object);
            if (field.required)
                return missing(field, entry.key.span, where);
            report(
                "SHAPE-02",
                entry.key.span,
                where,
                where.field_of(field.key) + " has no value",
                "give it one, or remove the key"
            );
            return;
        }
        switch (field.kind) {
        case FieldKind::object:
            return read(
                value,
                field.shape(),
                field.access.child(object),
                Where{where.owner, fmt::format("{}{}.", where.prefix, field.key)}
            );
        case FieldKind::object_list:
            return read_objects(value, field, object, where);
        case FieldKind::text_list:
            return read_texts(value, field, object, where);
        default:
            break;
        }
        const auto complaint = read_scalar(value, field, object, where);
        if (complaint)
            report(*complaint, value.span, where);
        Slot& slot = field.access.slot(object);
        slot.at = value.span;
        slot.state = complaint ? State::bad : State::given;
    }

    void read_texts(const Node& value, const Field& field, Object& object, const Where& where) {
        List<Located<std::string>>& list = *field.access.texts(object);
        list.at = value.span;
        if (value.kind != NodeKind::sequence) {
            list.state = State::bad;
            return report(
                wrong_type(
                    value, field, where, "a list", "write [a, b], or one '- ' line for each"
                ),
                value.span,
                where
            );
        }
        list.state = State::given;
        for (const Node& item : value.items) {
            Located<std::string> text;
            text.at = item.span;
            text.state = State::given;
            const bool offered =
                field.choices.empty() || item.kind != NodeKind::scalar ||
                std::find(field.choices.begin(), field.choices.end(), item.value) !=
                    field.choices.end();
            std::optional<Complaint> complaint;
            if (!offered)
                complaint = wrong_choice(item, field, where);
            else if (item.kind != NodeKind::broken)
                complaint = read_text(item, field, text.value, where);
            if (complaint)
                report(*complaint, item.span, where);
            if (complaint || item.kind == NodeKind::broken)
                list.complete = false;
            else
                list.items.push_back(std::move(text));
        }
    }

    void read_objects(const Node& value, const Field& field, Object& object, const Where& where) {
        Slot& list = field.access.slot(object);
        list.at = value.span;
        if (value.kind != NodeKind::sequence) {
            list.state = State::bad;
            return report(
                wrong_type(value, field, where, "a list", "begin each item with '- '"),
                value.span,
                where
            );
        }
        list.state = State::given;
        const Shape& shape = field.shape();
        if (value.items.empty() && field.required) {
            // An empty list is there, but does not do what it is for.
            missing(field, value.span, where);
        }
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const Node& item = value.items[i];
            const std::string place = fmt::format("{}{}[{}]", where.prefix, field.key, i);
            if (item.kind != NodeKind::mapping) {
                field.access.set_incomplete(object);
                if (item.kind != NodeKind::broken)
                    report(
                        "SHAPE-02",
                        item.span,
                        where,
                        fmt::format(
                            "{} of {} must be an object, got {}", place, where.owner, kind_of(item)
                        )
                    );
                continue;
            }
            Object& read_item = field.access.append(object);
            read(
                item,
                shape,
                read_item,
                {describe(item, shape, fmt::format("{} of {}", place, where.owner)), {}}
            );
        }
    }

    std::vector<Diagnostic>& problems_;
};

}  // namespace

std::string describe(const Node& node, const Shape& shape, std::string_view fallback) {
    const Entry* name = shape.name_key.empty() ? nullptr : node.find(shape.name_key);
    if (name == nullptr || name->value.kind != NodeKind::scalar || name->value.value.empty())
        return std::string{fallback};
    return fmt::format("{} {}", shape.name, printable(name->value.value.substr(0, 80)));
}

void read_object(
    const Node& node,
    const Shape& shape,
    Object& object,
    std::vector<Diagnostic>& problems,
    const std::string& where
) {
    Reader{problems}.read(
        node, shape, object, {where.empty() ? describe(node, shape, shape.name) : where, {}}
    );
}

}  // namespace pchat::config
