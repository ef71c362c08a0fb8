#pragma once
// The memory of the program: reading, and writing that is acknowledged only when it is on the disk.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/event_kind.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::store {

class Session;

/// What a parameter or a column can hold. Text may hold any bytes but NUL.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Bytes that are no text, on their way to a column BYTEA (a BLOB on SQLite); only looked at, never copied.
struct BlobView {
  std::string_view bytes;
};
/// The same read from a column.
struct Blob {
  std::string bytes;
  bool operator==(Blob const&) const = default;
};

/// The number of a ledger entry. An entity (signal, case, …) is named by the seq of the entry that made it.
using Seq = std::int64_t;

namespace detail {

enum class Column : std::uint8_t { integer, real, text, bytes };
template <class T>
struct ColumnOf;  // std::int64_t, double, std::string, and std::optional of them
template <>
struct ColumnOf<std::int64_t> {
  static constexpr auto column = Column::integer;
};
template <>
struct ColumnOf<double> {
  static constexpr auto column = Column::real;
};
template <>
struct ColumnOf<std::string> {
  static constexpr auto column = Column::text;
};
template <>
struct ColumnOf<std::string_view> {
  static constexpr auto column = Column::text;
};
template <>
struct ColumnOf<Blob> {
  static constexpr auto column = Column::bytes;
};
template <>
struct ColumnOf<BlobView> {
  static constexpr auto column = Column::bytes;
};
template <class T>
struct ColumnOf<std::optional<T>> : ColumnOf<T> {};

/// A parameter on its way to the engine: text is only looked at, never copied.
using Param = std::variant<std::monostate, std::int64_t, double, std::string_view, BlobView>;

template <class T>
Param to_param(T const& v) {
  if constexpr (std::is_same_v<T, Value>)
    return std::visit([](auto const& held) { return Param{held}; }, v);
  else if constexpr (std::is_same_v<T, std::nullopt_t>)
    return Param{};
  else if constexpr (std::is_same_v<T, BlobView>)
    return Param{v};
  else if constexpr (std::is_same_v<T, Blob>)
    return Param{BlobView{v.bytes}};
  else if constexpr (std::is_same_v<T, core::Instant>)
    return Param{core::to_ms(v)};
  else if constexpr (std::is_enum_v<T>)
    return Param{static_cast<std::int64_t>(v)};
  else if constexpr (std::is_integral_v<T>)
    return Param{static_cast<std::int64_t>(v)};
  else if constexpr (std::is_floating_point_v<T>)
    return Param{static_cast<double>(v)};
  else
    return Param{std::string_view(v)};
}
template <class T>
Param to_param(std::optional<T> const& v) {
  return v ? to_param(*v) : Param{};
}

/// Calls `call(span<Param const>)` with the arguments; one `std::vector<Value>` alone stands for all of them.
template <class Call>
decltype(auto) with_params(Call&& call, std::vector<Value> const& args) {
  std::vector<Param> params;
  params.reserve(args.size());
  for (auto const& arg : args) params.push_back(to_param(arg));
  return call(std::span<Param const>(params));
}
template <class Call, class... Args>
decltype(auto) with_params(Call&& call, Args const&... args) {
  Param const params[] = {to_param(args)..., Param{}};
  return call(std::span<Param const>(params, sizeof...(args)));
}

/// One result row while it is visited. Reading NULL as a plain type is an error of the statement
/// (Errc::corrupt).
class Cells {
 public:
  virtual bool is_null(std::size_t column) const = 0;
  virtual std::int64_t integer(std::size_t column) const = 0;
  virtual double real(std::size_t column) const = 0;
  virtual std::string_view text(std::size_t column) const = 0;
  virtual std::string_view bytes(std::size_t column) const = 0;

 protected:
  ~Cells() = default;
};

template <class T>
struct ReadCell;
template <>
struct ReadCell<std::int64_t> {
  static std::int64_t get(Cells const& c, std::size_t i) { return c.integer(i); }
};
template <>
struct ReadCell<double> {
  static double get(Cells const& c, std::size_t i) { return c.real(i); }
};
template <>
struct ReadCell<std::string> {
  static std::string get(Cells const& c, std::size_t i) { return std::string(c.text(i)); }
};
template <>
struct ReadCell<std::string_view> {
  static std::string_view get(Cells const& c, std::size_t i) { return c.text(i); }
};
template <>
struct ReadCell<Blob> {
  static Blob get(Cells const& c, std::size_t i) { return {std::string(c.bytes(i))}; }
};
template <>
struct ReadCell<BlobView> {
  static BlobView get(Cells const& c, std::size_t i) { return {c.bytes(i)}; }
};
template <class T>
struct ReadCell<std::optional<T>> {
  static std::optional<T> get(Cells const& c, std::size_t i) {
    return c.is_null(i) ? std::nullopt : std::optional<T>(ReadCell<T>::get(c, i));
  }
};

}  // namespace detail

/// A consistent view of the database for one piece of work. SQL uses `?` for parameters, in order. Statements
/// are prepared once per connection and kept by their text, so the text must be one of few: never build
/// values into it. Where the number of parameters is known only at run time, pass one std::vector<Value> for
/// all of them. The member functions throw store::Failure, which Db::read and Db::write turn into a Result:
/// code inside a piece of work is written as if nothing failed. Not thread-safe; lives only inside the
/// function that it is given to.
class Reader {
 public:
  virtual ~Reader() = default;

  /// All rows. For lists with a limit; for more use each().
  template <class... Columns, class... Args>
  std::vector<std::tuple<Columns...>> rows(std::string_view sql, Args const&... args) {
    static_assert(!(std::is_same_v<Columns, std::string_view> || ...) && !(std::is_same_v<Columns, BlobView> || ...),
                  "text must outlive the row: std::string, Blob");
    std::vector<std::tuple<Columns...>> out;
    each<Columns...>(sql, [&](Columns... c) { out.emplace_back(std::move(c)...); }, args...);
    return out;
  }

  /// The first row, if there is one.
  template <class... Columns, class... Args>
  std::optional<std::tuple<Columns...>> row(std::string_view sql, Args const&... args) {
    static_assert(!(std::is_same_v<Columns, std::string_view> || ...) && !(std::is_same_v<Columns, BlobView> || ...),
                  "text must outlive the row: std::string, Blob");
    std::optional<std::tuple<Columns...>> out;
    each<Columns...>(
        sql,
        [&](Columns... c) {
          if (!out) out.emplace(std::move(c)...);
        },
        args...);
    return out;
  }

  /// The first column of the first row.
  template <class Column, class... Args>
  std::optional<Column> value(std::string_view sql, Args const&... args) {
    auto r = row<Column>(sql, args...);
    if (!r) return std::nullopt;
    return std::move(std::get<0>(*r));
  }

  /// Visits each row as `visit(Columns...)`. A column may be read as std::string_view or BlobView, which are good only
  /// during the visit. In constant memory on SQLite; on PostgreSQL the whole result stands in memory, so page
  /// long walks.
  template <class... Columns, class Visit, class... Args>
  void each(std::string_view sql, Visit&& visit, Args const&... args) {
    constexpr detail::Column columns[] = {detail::ColumnOf<Columns>::column...};
    std::function<void(detail::Cells const&)> const call = [&](detail::Cells const& cells) {
      [&]<std::size_t... i>(std::index_sequence<i...>) {
        visit(detail::ReadCell<Columns>::get(cells, i)...);
      }(std::index_sequence_for<Columns...>{});
    };
    detail::with_params([&](std::span<detail::Param const> p) { select(sql, columns, p, call); }, args...);
  }

  /// The same for a statement whose columns are known only at run time: `visit` reads each cell as what `columns` says it is.
  void each_row(std::string_view sql, std::span<detail::Column const> columns, std::vector<Value> const& args,
                std::function<void(detail::Cells const&)> const& visit) {
    detail::with_params([&](std::span<detail::Param const> p) { select(sql, columns, p, visit); }, args);
  }

 protected:
  virtual void select(std::string_view sql, std::span<detail::Column const> columns,
                      std::span<detail::Param const> args,
                      std::function<void(detail::Cells const&)> const& visit) = 0;
};

/// One entry to be appended. `subject` 0 means that the entry makes a new entity, named by its own seq.
struct Entry {
  core::EventKind kind;
  Seq subject = 0;
  std::string actor =
      {};  ///< "system", "citizen", "staff:dora", "import:boston311": kept as an id of `actor`
  std::string payload = {};  ///< JSON object, compact; never personal words in the clear
  std::optional<core::Instant> happened =
      {};  ///< when it happened, where that is not now (history, offline work)
};

/// Reading and writing inside the running commit batch. What one piece of work wrote is undone if it fails,
/// and does not disturb the others of the batch.
class Writer : public Reader {
 public:
  /// Rows changed.
  template <class... Args>
  std::int64_t exec(std::string_view sql, Args const&... args) {
    return detail::with_params([&](std::span<detail::Param const> p) { return execute(sql, p); }, args...);
  }
  /// Appends to the ledger; the entry gets the next seq, and its hash when the batch is sealed.
  virtual Seq append(Entry entry) = 0;
  /// The time of the batch: the time source's, but never before the entry before it (a clock may be set
  /// back).
  virtual core::Instant now() const = 0;

 protected:
  virtual std::int64_t execute(std::string_view sql, std::span<detail::Param const> args) = 0;
};

/// What the writer has done since it was opened.
struct CommitStats {
  /// Upper edges of how long a commit took until it was on the disk; one more count is for what took longer.
  static constexpr std::array<double, 10> edges_s = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1};
  std::array<std::uint64_t, edges_s.size() + 1> counts{};
  double sum_s = 0;
  std::uint64_t pieces = 0;   ///< pieces of work in those commits
  std::uint64_t waiting = 0;  ///< pieces of work that wait now
};

/// Where the data is, and how it is opened.
struct Options {
  std::string url;             ///< "sqlite:DIR" (a directory that one process owns) or "postgresql://…"
  std::size_t readers = 4;     ///< connections for reading
  std::size_t cache_mib = 8;   ///< page cache of the writer's connection (SQLite); the system has the file in its own too
  std::size_t reader_cache_mib = 4;  ///< of each reader's
  bool bulk = false;           ///< larger batches, for import
  bool read_only = false;      ///< look at a database that may belong to another process; every write fails
};

/// The database. Thread-safe. Opening runs the migrations that are missing and checks the head of the ledger.
class Db {
 public:
  /// Errors: unavailable (cannot open, held by another process, whose pid is named), corrupt, invalid (url).
  static core::Result<std::unique_ptr<Db>> open(Options const& options, core::TimeSource const& time);
  /// The store of observations beside it: a file of its own (observations.db) or, on PostgreSQL, a schema of its own. It has no
  /// ledger: what is measured is not an act of anybody. Errors: as open().
  static core::Result<std::unique_ptr<Db>> open_observations(Options const& options, core::TimeSource const& time);
  virtual ~Db() = default;

  /// Runs `work` on a pooled read connection inside one snapshot. Blocks while all are in use.
  /// `work(Reader&)` returns core::Result<T>, or T.
  template <class Work>
  auto read(Work&& work) {
    using R = Lifted<std::invoke_result_t<Work&, Reader&>>;
    std::optional<R> out;
    auto outcome = run_read([&](Reader& r) -> core::Result<> { return capture(out, work, r); });
    if (!outcome && (!out || out->has_value())) return R(core::fail(std::move(outcome).error()));
    return std::move(*out);
  }

  /// Runs `work` on the writer's thread as part of a commit batch and returns when the batch is on the disk.
  /// An error that `work` returns, or a failure in it, undoes what it wrote. `work` runs once; it must not
  /// block.
  template <class Work>
  auto write(Work&& work) {
    using R = Lifted<std::invoke_result_t<Work&, Writer&>>;
    std::optional<R> out;
    auto outcome = run_write([&](Writer& w) -> core::Result<> { return capture(out, work, w); });
    if (!outcome && (!out || out->has_value())) return R(core::fail(std::move(outcome).error()));
    return std::move(*out);
  }

  /// The same without waiting: `done` is called on the writer's thread after the commit (or the failure).
  virtual void write_later(std::function<core::Result<>(Writer&)> work,
                           std::function<void(core::Result<>)> done) = 0;

  /// Called on the writer's thread after each commit with the last seq. At most one listener; it must not
  /// block.
  virtual void on_commit(std::function<void(Seq)> listener) = 0;

  /// Runs `task` on the writer's thread and connection after a batch, outside any transaction, and again
  /// after the next one as long as it returns true. For the store's own upkeep (backup, wiping). Errors:
  /// unavailable (read-only).
  virtual core::Result<> between_batches(std::function<bool(Session&)> task) = 0;

  /// All zero where nothing can be written.
  virtual CommitStats commit_stats() const = 0;

  /// "sqlite" or "postgresql".
  virtual std::string_view engine() const = 0;

 protected:
  virtual core::Result<> run_read(std::function<core::Result<>(Reader&)> const& work) = 0;
  virtual core::Result<> run_write(std::function<core::Result<>(Writer&)> const& work) = 0;

 private:
  template <class T>
  struct Lift {
    using type = core::Result<T>;
  };
  template <class T>
  struct Lift<core::Result<T>> {
    using type = core::Result<T>;
  };
  template <class T>
  using Lifted = typename Lift<T>::type;

  template <class R, class Work, class Access>
  static core::Result<> capture(std::optional<R>& out, Work& work, Access& access) {
    if constexpr (std::is_void_v<std::invoke_result_t<Work&, Access&>>) {
      work(access);
      out.emplace();
    } else {
      out.emplace(work(access));
    }
    if (!out->has_value()) return core::fail(out->error());
    return {};
  }
};

/// What Reader and Writer throw. Not caught inside a piece of work.
struct Failure {
  core::Error error;
};

}  // namespace zhili::store
