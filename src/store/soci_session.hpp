#pragma once
// Statements over SOCI, the same for both engines. Included only by the engines' .cpp files.

#include <soci/soci.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/session.hpp"

namespace zhili::store {

/// `a = ? AND b = '?'` becomes `a = :p1 AND b = '?'`.
std::string numbered_parameters(std::string_view sql);

class SociSession : public Session {
 public:
  void select(std::string_view sql, std::span<detail::Column const> columns,
              std::span<detail::Param const> args,
              std::function<void(detail::Cells const&)> const& visit) override;
  std::int64_t execute(std::string_view sql, std::span<detail::Param const> args) override;

 protected:
  explicit SociSession(std::unique_ptr<soci::session> session);
  ~SociSession() override;
  /// What SOCI threw, in our words.
  virtual core::Error explain(std::exception const& error, std::string_view sql) = 0;
  /// Forgets every prepared statement.
  void forget_statements();
  soci::session& soci() { return *session_; }

 private:
  struct Prepared;
  using Shapes =
      std::vector<std::unique_ptr<Prepared>>;  // one SQL text, by types of its parameters and columns
  class Use;
  Use prepared(std::string_view sql, std::span<detail::Column const> columns,
               std::span<detail::Param const> args);
  void make_room();

  std::unique_ptr<soci::session> session_;
  std::unordered_map<std::string, Shapes, TextHash, std::equal_to<>> statements_;
  std::size_t in_use_ = 0;
};

}  // namespace zhili::store
