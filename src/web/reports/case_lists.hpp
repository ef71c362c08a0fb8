#pragma once
// Inside of CaseFigures: the lists of cases and of places that a report holds.

#include "assure/reports/figures.hpp"
#include "respond/cases/case_index.hpp"
#include "web/api/api.hpp"

namespace zhili::web {

struct CaseLists {
  store::Reader& reader;
  ApiParts const& parts;
  sense::places::PlaceIndex const& places;
  respond::CaseIndex const& index;
  respond::CaseFilter const& base;
  Fields const& fields;

  assure::reports::Figures::Listed of(assure::reports::ReportList list, assure::reports::Span span, core::Instant until, std::size_t most);

 private:
  assure::reports::Figures::Listed cases(respond::CaseFilter filter, assure::reports::ReportList list, core::Instant until, std::size_t most);
  assure::reports::Figures::Listed repeated(core::Instant until, std::size_t most);
};

}  // namespace zhili::web
