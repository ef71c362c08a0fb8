#include "store/soci_session.hpp"

#include <algorithm>

#include "store/errors.hpp"

namespace zhili::store {

using detail::Column;
using detail::Param;

/// Where SOCI reads a parameter from, or writes a column to. Must not move while a statement is bound to it.
struct Slot {
  Column type = Column::text;  ///< bytes travel as the server's own text for them: \x and two digits a byte
  soci::indicator indicator = soci::i_ok;
  long long integer = 0;
  double real = 0;
  std::string text;
};

namespace {

constexpr std::size_t max_soci_statements =
    1'000;  // kept per connection; more means that values are built into SQL

bool fits(Slot const& slot, Param const& param) {
  switch (param.index()) {
    case 0:
      return true;
    case 1:
      return slot.type == Column::integer;
    case 2:
      return slot.type == Column::real;
    case 4:
      return slot.type == Column::bytes;
    default:
      return slot.type == Column::text;
  }
}

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex_of(std::string_view bytes) {
  std::string out(2 + 2 * bytes.size(), '\\');
  out[1] = 'x';
  auto* to = out.data() + 2;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    *to++ = hex_digits[byte >> 4U];
    *to++ = hex_digits[byte & 15U];
  }
  return out;
}

int digit_of(char c) {
  auto const at = hex_digits.find(c);
  return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

/// The bytes of "\x…", in the place of their text.
void read_hex(std::string& text) {
  std::size_t to = 0;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) text[to++] = static_cast<char>(digit_of(text[i]) << 4 | digit_of(text[i + 1]));
  text.resize(to);
}

void fill(Slot& slot, Param const& param) {
  slot.indicator = param.index() == 0 ? soci::i_null : soci::i_ok;
  if (auto const* integer = std::get_if<std::int64_t>(&param))
    slot.integer = *integer;
  else if (auto const* real = std::get_if<double>(&param))
    slot.real = *real;
  else if (auto const* text = std::get_if<std::string_view>(&param))
    slot.text.assign(*text);
  else if (auto const* blob = std::get_if<BlobView>(&param))
    slot.text = hex_of(blob->bytes);
}

class SlotCells final : public detail::Cells {
 public:
  explicit SlotCells(std::span<Slot const> slots) : slots_(slots) {}
  bool is_null(std::size_t i) const override { return slots_[i].indicator == soci::i_null; }
  std::int64_t integer(std::size_t i) const override { return checked(i).integer; }
  double real(std::size_t i) const override { return checked(i).real; }
  std::string_view text(std::size_t i) const override { return checked(i).text; }
  std::string_view bytes(std::size_t i) const override { return checked(i).text; }  // read_hex was here

 private:
  Slot const& checked(std::size_t i) const {
    if (is_null(i)) raise_null(i);
    return slots_[i];
  }
  std::span<Slot const> slots_;
};

}  // namespace

std::string numbered_parameters(std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 16);
  int number = 0;
  char quote = 0;
  for (char const c : sql) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '?') {
      out.append(":p").append(std::to_string(++number));
      continue;
    }
    out.push_back(c);
  }
  return out;
}

struct SociSession::Prepared {
  Prepared(soci::session& session, std::string_view sql, std::span<Column const> columns,
           std::span<Param const> args)
      : statement(session), in(args.size()), out(columns.size()) {
    statement.alloc();
    statement.prepare(numbered_parameters(sql));
    for (std::size_t i = 0; i < in.size(); ++i) {
      in[i].type = std::holds_alternative<std::int64_t>(args[i]) ? Column::integer
                   : std::holds_alternative<double>(args[i])     ? Column::real
                   : std::holds_alternative<BlobView>(args[i])   ? Column::bytes
                                                                 : Column::text;
      exchange(in[i], [&](auto& value) { statement.exchange(soci::use(value, in[i].indicator)); });
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].type = columns[i];
      exchange(out[i], [&](auto& value) { statement.exchange(soci::into(value, out[i].indicator)); });
    }
    statement.define_and_bind();
  }

  template <class Bind>
  static void exchange(Slot& slot, Bind const& bind) {
    switch (slot.type) {
      case Column::integer:
        bind(slot.integer);
        break;
      case Column::real:
        bind(slot.real);
        break;
      case Column::text:
      case Column::bytes:
        bind(slot.text);
        break;
    }
  }

  bool fits(std::span<Column const> columns, std::span<Param const> args) const {
    return !busy && args.size() == in.size() && std::ranges::equal(columns, out, {}, {}, &Slot::type) &&
           std::ranges::equal(in, args, [](Slot const& s, Param const& p) { return store::fits(s, p); });
  }

  soci::statement statement;
  std::vector<Slot> in;
  std::vector<Slot> out;
  bool busy = false;
};

/// A statement while it runs. One that failed is thrown away, because SOCI finalises it in secret.
class SociSession::Use {
 public:
  Use(SociSession& owner, Shapes& shapes, Prepared& prepared)
      : owner_(owner), shapes_(shapes), prepared_(prepared) {
    prepared_.busy = true;
    ++owner_.in_use_;
  }
  Use(Use const&) = delete;
  Use& operator=(Use const&) = delete;
  ~Use() {
    --owner_.in_use_;
    prepared_.busy = false;
    if (!done_) std::erase_if(shapes_, [&](auto const& p) { return p.get() == &prepared_; });
  }
  Prepared* operator->() { return &prepared_; }
  void done() { done_ = true; }

 private:
  SociSession& owner_;
  Shapes& shapes_;
  Prepared& prepared_;
  bool done_ = false;
};

SociSession::SociSession(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
SociSession::~SociSession() = default;

void SociSession::forget_statements() {
  statements_.clear();
}

void SociSession::make_room() {
  if (statements_.size() >= max_soci_statements && in_use_ == 0) statements_.clear();
}

SociSession::Use SociSession::prepared(std::string_view sql, std::span<Column const> columns,
                                       std::span<Param const> args) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    make_room();
    found = statements_.emplace(std::string(sql), Shapes{}).first;
  }
  auto& shapes = found->second;
  auto fitting = std::ranges::find_if(shapes, [&](auto const& p) { return p->fits(columns, args); });
  if (fitting == shapes.end()) {
    try {
      shapes.push_back(std::make_unique<Prepared>(*session_, sql, columns, args));
    } catch (std::exception const& error) {
      throw Failure{explain(error, sql)};
    }
    fitting = std::prev(shapes.end());
  }
  for (std::size_t i = 0; i < args.size(); ++i) fill((*fitting)->in[i], args[i]);
  return Use(*this, shapes, **fitting);
}

void SociSession::select(std::string_view sql, std::span<Column const> columns, std::span<Param const> args,
                         std::function<void(detail::Cells const&)> const& visit) {
  auto use = prepared(sql, columns, args);
  SlotCells const cells(use->out);
  auto const guarded = [&](auto const& step) {
    try {
      return step();
    } catch (std::exception const& error) {
      throw Failure{explain(error, sql)};
    }
  };
  guarded([&] { return use->statement.execute(); });
  while (guarded([&] { return use->statement.fetch(); })) {
    for (auto& slot : use->out)
      if (slot.type == Column::bytes && slot.indicator != soci::i_null) read_hex(slot.text);
    visit(cells);
  }
  use.done();
}

std::int64_t SociSession::execute(std::string_view sql, std::span<Param const> args) {
  auto use = prepared(sql, {}, args);
  try {
    use->statement.execute(true);
    auto const changed = use->statement.get_affected_rows();
    use.done();
    return changed;
  } catch (std::exception const& error) {
    throw Failure{explain(error, sql)};
  }
}

}  // namespace zhili::store
