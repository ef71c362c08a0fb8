#include "store/session.hpp"

#include "store/errors.hpp"

namespace zhili::store {

Seq Statements::append(Entry) {
  raise(Trouble::statement, "an entry outside a piece of work");
}
core::Instant Statements::now() const {
  raise(Trouble::statement, "the batch's time outside a piece of work");
}

}  // namespace zhili::store
