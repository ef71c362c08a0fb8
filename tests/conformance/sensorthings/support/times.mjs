// Times of the observations here, and what the standard says of comparing times and intervals, as plain functions over them.

const DAYS_AGO = 30
const HOUR_MS = 3600000
/** Midnight (UTC) of some weeks ago: past, and not so old that a service would have let go of it. */
export const day = new Date(Math.floor(Date.now() / 86400000 - DAYS_AGO) * 86400000)

/** ISO 8601 (UTC) of so many hours after that midnight. */
export const hour = (hours) => new Date(day.getTime() + Math.round(hours * HOUR_MS)).toISOString()
export const span = (from, to) => `${hour(from)}/${hour(to)}`

/** [begin, end] in milliseconds; of an instant both are the same. */
export function ends(time) {
  const [from, to] = time.split('/').map((one) => new Date(one).getTime())
  return [from, to ?? from]
}
const isInstant = (time) => !time.includes('/')

export const sameTime = (a, b) => a === b || (typeof a === 'string' && typeof b === 'string' && isInstant(a) === isInstant(b) && String(ends(a)) === String(ends(b)))

// Table "built-in query functions": an interval holds its begin and not its end.
export const relations = {
  before(a, b) {
    const [, aTo] = ends(a), [bFrom] = ends(b)
    return isInstant(a) ? aTo < bFrom : aTo <= bFrom
  },
  after(a, b) {
    const [aFrom] = ends(a), [, bTo] = ends(b)
    return isInstant(b) ? aFrom > bTo : aFrom >= bTo
  },
  meets(a, b) {
    const [aFrom, aTo] = ends(a), [bFrom, bTo] = ends(b)
    if (isInstant(a) && isInstant(b)) return aFrom === bFrom
    if (isInstant(a)) return aFrom === bFrom || aFrom === bTo
    if (isInstant(b)) return bFrom === aFrom || bFrom === aTo
    return aTo === bFrom || aFrom === bTo
  },
  during(a, b) {
    const [aFrom, aTo] = ends(a), [bFrom, bTo] = ends(b)
    return aFrom >= bFrom && aFrom < bTo && aTo <= bTo
  },
  overlaps(a, b) {
    const [aFrom, aTo] = ends(a), [bFrom, bTo] = ends(b)
    if (isInstant(a) && isInstant(b)) return aFrom === bFrom
    if (isInstant(a)) return aFrom >= bFrom && aFrom < bTo
    if (isInstant(b)) return bFrom >= aFrom && bFrom < aTo
    return aFrom < bTo && bFrom < aTo
  },
  starts: (a, b) => ends(a)[0] === ends(b)[0],
  finishes: (a, b) => ends(a)[1] === ends(b)[1],
}
