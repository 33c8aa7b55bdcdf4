// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/libpq_environment.h"

#include <cstdlib>
#include <initializer_list>

namespace pchat::sql {

void forget_libpq_environment() {
    // The list of libpq's manual. Not everything that begins with PG: PG_OWNER may be somebody's
    // reference.
    for (const char* name :
         {"PGHOST",
          "PGHOSTADDR",
          "PGPORT",
          "PGDATABASE",
          "PGUSER",
          "PGPASSFILE",
          "PGCHANNELBINDING",
          "PGREQUIREAUTH",
          "PGSERVICE",
          "PGSERVICEFILE",
          "PGSYSCONFDIR",
          "PGOPTIONS",
          "PGAPPNAME",
          "PGSSLMODE",
          "PGREQUIRESSL",
          "PGSSLNEGOTIATION",
          "PGSSLCOMPRESSION",
          "PGSSLCERT",
          "PGSSLKEY",
          "PGSSLCERTMODE",
          "PGSSLROOTCERT",
          "PGSSLCRL",
          "PGSSLCRLDIR",
          "PGSSLSNI",
          "PGSSLMINPROTOCOLVERSION",
          "PGSSLMAXPROTOCOLVERSION",
          "PGREQUIREPEER",
          "PGGSSENCMODE",
          "PGGSSDELEGATION",
          "PGKRBSRVNAME",
          "PGGSSLIB",
          "PGCONNECT_TIMEOUT",
          "PGCLIENTENCODING",
          "PGTARGETSESSIONATTRS",
          "PGLOADBALANCEHOSTS",
          "PGMINPROTOCOLVERSION",
          "PGMAXPROTOCOLVERSION",
          "PGDATESTYLE",
          "PGTZ",
          "PGGEQO",
          "PGLOCALEDIR"})
        ::unsetenv(name);
}

}  // namespace pchat::sql
