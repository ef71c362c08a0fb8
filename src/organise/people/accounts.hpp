#pragma once
// Accounts of the staff: who has one, what they are appointed to, when they are away. Every change is an entry of the ledger;
// a password, or what it is checked against, never is.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/installation.hpp"
#include "organise/people/access.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::size_t login_characters_max = 40;
inline constexpr std::size_t items_of_appointment_max = 50;
inline constexpr std::chrono::days absence_max{366};

/// The post that every installation has: it makes accounts and appoints people.
inline constexpr std::string_view administration_post = "administration";
inline constexpr std::string_view administrator_role = "administrator";
core::Text administration_name();

struct Account {
  std::int64_t id = 0;
  std::string login;
  std::string person;  ///< login of the person's first account: whoever has two is still one when they judge
  bool disabled = false;
  bool must_change = false;  ///< the password was given by somebody else
  core::Instant made_at{};
};

struct NewAccount {
  std::string login;        ///< a–z, 0–9, "." and "-"; begins with a letter
  std::string same_person_as = {};  ///< login; empty: a person of their own
  std::string password = {};        ///< empty: a one-time password is made
  std::string post = {};            ///< to which it is appointed from the beginning; empty: none
  std::string area = {};            ///< of that appointment
};

struct Made {
  Account account;
  std::string one_time_password;  ///< shown once; empty if a password was given
};

struct NewAppointment {
  std::string login;
  std::string post;
  std::string area = {};
  std::vector<std::string> items = {};
  std::optional<core::Instant> from = {};  ///< empty: now
  std::optional<core::Instant> until = {};
};

struct NewAbsence {
  std::string login;
  std::string deputy = {};  ///< login; empty: nobody stands in
  core::Instant from{};
  core::Instant until{};
};

/// Thread-safe. `actor` is who does it: "staff:dora", "system", "cli". All names in errors are those of the structs above.
class Accounts {
 public:
  Accounts(store::Db& db, catalogue::Installation const& installation, core::TimeSource const& time);

  /// Errors: invalid (login, password, post, area), conflict (login is taken), not_found (same_person_as).
  core::Result<Made> make(NewAccount const& wanted, std::string const& actor);
  /// Errors: invalid (post, area, items, until), not_found (login).
  core::Result<std::int64_t> appoint(store::Writer& writer, NewAppointment const& wanted, std::string const& actor) const;
  core::Result<std::int64_t> appoint(NewAppointment const& wanted, std::string const& actor);
  /// From now on. Errors: not_found; conflict (it has ended; nobody else would be left to administrate).
  core::Result<> end_appointment(std::int64_t id, std::string const& actor);
  /// Errors: invalid (until, deputy), not_found; conflict (nobody would be there to administrate).
  core::Result<std::int64_t> set_absence(store::Writer& writer, NewAbsence const& wanted, std::string const& actor) const;
  core::Result<std::int64_t> set_absence(NewAbsence const& wanted, std::string const& actor);
  /// From now on, or before it has begun. Errors: not_found; conflict (it is over).
  core::Result<> end_absence(std::int64_t id, std::string const& actor);
  /// Signs out everywhere, too. Errors: not_found; conflict (the last administrator).
  core::Result<> disable(std::string const& login, std::string const& actor);
  core::Result<> enable(std::string const& login, std::string const& actor);
  /// Inside a piece of work: what passwords are checked against from now on. Ends all sessions of the account, unlocks it.
  void keep_password(store::Writer& writer, Account const& account, std::string const& hash, bool one_time, std::string const& actor) const;
  /// A new password of the account's own choice. Ends all its sessions, unlocks it. Errors: invalid, not_found.
  core::Result<> set_password(std::string const& login, std::string const& password, std::string const& actor);
  /// The same with a one-time password, which must be changed at the next sign-in. Errors: not_found.
  core::Result<std::string> reset_password(std::string const& login, std::string const& actor);

  /// If there is no account at all: makes "admin" with a one-time password and appoints it to the administration.
  core::Result<std::optional<Made>> first_administrator();

  std::vector<Account> list(store::Reader& reader) const;
  std::optional<Account> find(store::Reader& reader, std::string_view login) const;
  std::vector<Appointment> appointments(store::Reader& reader, std::string_view person = {}) const;
  std::vector<Absence> absences(store::Reader& reader, std::string_view person = {}) const;
  std::optional<Absence> absence(store::Reader& reader, std::int64_t id) const;
  /// Grants of a person now: their own and those of the people for whom they stand in. Cost: two look-ups by index.
  std::vector<Grant> grants(store::Reader& reader, std::string_view person) const;
  std::vector<PostDuty> const& posts() const { return posts_; }

 private:
  core::Result<> check(NewAppointment const& wanted) const;
  core::Result<Account> need(store::Reader& reader, std::string const& login, std::string const& field) const;
  core::Result<> keep_one_administrator(store::Writer& writer) const;
  core::Result<> keep_one_present(store::Writer& writer) const;

  store::Db& db_;
  core::TimeSource const& time_;
  std::vector<PostDuty> posts_;
};

}  // namespace zhili::organise
