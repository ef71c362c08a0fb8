#pragma once
// Figures of reports: lengths of lists of cases, and indicators of evaluation, at one moment of the ledger.

#include "assure/reports/desk.hpp"
#include "respond/cases/desk.hpp"
#include "respond/evaluation/keeper.hpp"
#include "web/api/api.hpp"

namespace zhili::web {

/// The cases of an installation as a source of figures. Thread-safe. What it is given outlives it.
class CaseFigures final : public assure::reports::Source {
 public:
  CaseFigures(ApiParts parts, respond::CaseDesk const& desk, respond::evaluation::Keeper const& evaluation)
      : parts_(std::move(parts)), desk_(desk), evaluation_(evaluation) {}

  core::Result<std::unique_ptr<assure::reports::Figures>> open(store::Reader& reader, assure::reports::Scope const& scope, store::Seq seq,
                                                               core::Instant as_of) override;
  core::Result<assure::reports::Subject> subject(assure::reports::Scope const& scope) const override;
  std::vector<std::string> areas(std::string_view level) const override;

 private:
  ApiParts parts_;
  respond::CaseDesk const& desk_;
  respond::evaluation::Keeper const& evaluation_;
};

}  // namespace zhili::web
