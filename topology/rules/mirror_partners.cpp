// SPDX-License-Identifier: Apache-2.0
// The partners of a mirroring session: what they have to have in common.
#include "base/unicode.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/mirror_session.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

// A partner that several sessions share and that fits none of them is told once.
class Told {
public:
    bool first_time(const SqlInstance& partner) {
        if (std::find(partners_.begin(), partners_.end(), &partner) != partners_.end())
            return false;
        partners_.push_back(&partner);
        return true;
    }

private:
    std::vector<const SqlInstance*> partners_;
};

bool differ_in_release(const SqlInstance& primary, const SqlInstance& partner) {
    // A release that does not fit at all is SQL-09's finding.
    return stated(primary.version) && stated(partner.version) && has_good_release(primary) &&
           has_good_release(partner) && release_of(primary) != release_of(partner);
}

bool differ_in_edition(
    const Directory& all, const SqlInstance& primary, const SqlInstance& mirror
) {
    if (!primary.edition.given() || !mirror.edition.given() || *primary.edition == *mirror.edition)
        return false;
    // Express away from a Standard Edition server is for SQL-09, with a mirror there for ED-05.
    const auto told = [&](const SqlInstance& instance) {
        if (*instance.edition != SqlEdition::express)
            return false;
        const auto places = all.databases_on(instance);
        return all.front_end_on(instance.server) == nullptr ||
               (&instance == &primary &&
                std::any_of(places.begin(), places.end(), [&](const DatabasePlace* place) {
                    return all.hangs_on_standard(*place->pool);
                }));
    };
    return !told(primary) && !told(mirror);
}

void report_engine(
    const SqlInstance& primary, const SqlInstance& partner, std::string_view role, Report& report
) {
    report.add(
        {.at = partner.engine.at,
         .subject = subject(primary),
         .message = fmt::format(
             "{} is an SQL Server, its {} '{}' is {}",
             subject(primary),
             role,
             *partner.name,
             to_string(*partner.engine)
         ),
         .hint = "name an instance of engine sqlserver",
         .notes = {{primary.engine.at, fmt::format("the engine of '{}'", *primary.name)}}}
    );
}

void report_release(
    const SqlInstance& primary, const SqlInstance& partner, std::string_view role, Report& report
) {
    report.add(
        {.at = partner.version.at,
         .subject = subject(primary),
         .message = fmt::format(
             "{} is SQL Server {}, its {} '{}' is {}",
             subject(primary),
             *primary.version,
             role,
             *partner.name,
             *partner.version
         ),
         .hint = "bring all partners of a mirroring session to one release",
         .notes = {{primary.version.at, fmt::format("the release of '{}'", *primary.name)}}}
    );
}

void check_alike(const Directory& all, Report& report) {
    Told told;
    for (const auto& [primary, mirror, witness] : mirror_sessions(all)) {
        for (const SqlInstance* partner : {mirror, witness}) {
            if (partner == nullptr || is_itself(*primary, *partner))
                continue;
            const std::string_view role = partner == mirror ? "mirror" : "witness";
            if (partner->engine.given() && *partner->engine != Engine::sqlserver) {
                if (told.first_time(*partner))
                    report_engine(*primary, *partner, role, report);
                continue;
            }
            if (differ_in_release(*primary, *partner) && told.first_time(*partner))
                report_release(*primary, *partner, role, report);
            if (partner == mirror && differ_in_edition(all, *primary, *partner))
                report.add(
                    {.at = partner->edition.at,
                     .subject = subject(*primary),
                     .message = fmt::format(
                         "{} and its mirror '{}' are of different editions",
                         subject(*primary),
                         *partner->name
                     ),
                     .hint = "give both the same edition",
                     .notes =
                         {{primary->edition.at,
                           fmt::format("the edition of '{}'", *primary->name)}}}
                );
        }
    }
}

void check_domain(const Directory& all, Report& report) {
    Told told;
    for (const auto& [primary, mirror, witness] : mirror_sessions(all)) {
        if (!all.spec().domain.known() || !primary->domain.known())
            continue;
        const std::string& home = all.domain_of(primary->domain);
        for (const SqlInstance* partner : {mirror, witness}) {
            if (partner == nullptr || !partner->domain.known() ||
                equal_ignoring_case(home, all.domain_of(partner->domain)) ||
                !told.first_time(*partner))
                continue;
            const std::string_view role = partner == mirror ? "mirror" : "witness";
            report.add(
                {.at = partner->domain.given() ? partner->domain.at : partner->at,
                 .subject = subject(*primary),
                 .message = fmt::format(
                     "{} is in domain {}, its {} '{}' in {}",
                     subject(*primary),
                     home,
                     role,
                     *partner->name,
                     all.domain_of(partner->domain)
                 ),
                 .hint = "the partners authenticate each other by their accounts: put all of them "
                         "into one domain"}
            );
        }
    }
}

constexpr std::array rules{
    Rule{
        .id = "HA-04",
        .title = "the partners of a mirroring session differ in engine, release or edition",
        .why =
            "Primary, mirror and witness have to be of one release of SQL Server, and primary and "
            "mirror of one edition. Mirroring either does not start or cannot fail back otherwise. "
            "Service "
            "packs are not compared.",
        .source = "Skype for Business Server 2015: Back End Server high availability, SQL "
                  "mirroring requirements",
        .fix = "Bring them to one release and edition.",
        .check = check_alike},
    Rule{
        .id = "HA-05",
        .title = "the partners of a mirroring session are in different domains",
        .why =
            "The product sets mirroring up with the service accounts of one domain; across domains "
            "it would need certificates on every endpoint, which its tools do not handle.",
        .source = "Skype for Business Server 2015: Back End Server high availability, SQL "
                  "mirroring requirements",
        .fix = "Put primary, mirror and witness into one domain, or correct 'domain' of the entry.",
        .check = check_domain},
};

}  // namespace

std::vector<MirrorSession> mirror_sessions(const Directory& all) {
    std::vector<MirrorSession> out;
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const bool sqlserver = instance.engine.given() && *instance.engine == Engine::sqlserver;
        if (sqlserver && (stated(instance.mirror) || stated(instance.witness)))
            out.push_back({&instance, all.sql(instance.mirror), all.sql(instance.witness)});
    }
    return out;
}

bool is_itself(const SqlInstance& a, const SqlInstance& b) {
    return &a == &b || same_place(a, b);
}

std::span<const Rule> mirror_partner_rules() {
    return rules;
}

}  // namespace pchat::topology
