#include "web/operation/once.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "store/digest.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

/// Parts that cannot be mistaken for each other, however they are cut.
std::string hash_of(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (auto const part : parts) all += fmt::format("{}:{};", part.size(), part);
  return store::to_hex(store::sha256(all));
}

std::string said_in(Request const& request) {
  std::string out;
  for (auto const* fields : {&request.params, &request.query})
    for (auto const& [name, value] : *fields) out += fmt::format("{}:{}={}:{};", name.size(), name, value.size(), value);
  return out;
}

std::string without(std::string const& body, std::string_view secret) {
  if (secret.empty()) return body;
  auto held = boost::json::parse(body);
  held.as_object()[secret] = nullptr;
  return boost::json::serialize(held);
}

}  // namespace

core::Result<Once> Once::of(Request const& request, std::string_view who, std::string_view operation) {
  Once out;
  auto const key = request.headers.get(once_header);
  if (!key) return out;
  bool const printable = std::ranges::all_of(*key, [](char c) { return c > ' ' && c <= '~'; });
  if (key->empty() || key->size() > once_key_characters_max || !printable)
    return fail(Errc::invalid, "once.key",
                {fmt::format("{} 由 1 到 {} 个可见的 ASCII 字符组成。", once_header, once_key_characters_max),
                 fmt::format("{} is 1 to {} printable ASCII characters.", once_header, once_key_characters_max)}, std::string(once_header));
  out.asked_ = hash_of({who, *key});
  out.digest_ = hash_of({operation, said_in(request), request.body});
  return out;
}

core::Result<Response> Once::write(store::Db& db, std::function<core::Result<Response>(store::Writer&)> const& work, std::string_view secret) const {
  if (asked_.empty()) return db.write(work);
  return db.write([&](store::Writer& writer) -> core::Result<Response> {
    auto const from = writer.now() - once_kept;
    if (auto const before = writer.row<std::string, std::int64_t, std::string>("SELECT digest, status, body FROM once WHERE asked = ? AND at >= ?", asked_, from)) {
      auto const& [digest, status, body] = *before;
      if (digest != digest_)
        return fail(Errc::conflict, "once.other",
                    {fmt::format("这个 {} 之前随别的内容用过；换一个再发。", once_header), fmt::format("This {} came with something else before: take another.", once_header)},
                    std::string(once_header));
      auto again = Response::json(body, static_cast<int>(status));
      again.headers.add("Idempotency-Replayed", "true");
      return again;
    }
    ZHILI_TRY(auto answer, work(writer));
    writer.exec("DELETE FROM once WHERE asked = ?", asked_);
    writer.exec("INSERT INTO once (asked, digest, status, body, at) VALUES (?, ?, ?, ?, ?)", asked_, digest_, answer.status, without(answer.body, secret), writer.now());
    return answer;
  });
}

core::Result<std::int64_t> sweep_once(store::Db& db) {
  return db.write([](store::Writer& writer) { return writer.exec("DELETE FROM once WHERE at < ?", writer.now() - once_kept); });
}

}  // namespace zhili::web
