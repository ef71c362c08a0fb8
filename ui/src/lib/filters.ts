// The filters of the list of cases live in the address, so that a view can be kept, sent and gone back to.

export interface Filters {
  state: 'open' | 'closed' | 'all'
  stage: string
  /** A code, or several with commas. */
  item: string
  area: string
  department: string
  /** Which time `from` and `to` are about. */
  dates: 'opened' | 'closed'
  from: string
  to: string
  late: '' | 'soon' | 'over'
  bbox: string
  /** What was in hand at the end of this day, or at this moment. */
  at: string
  outcome: '' | 'on_time' | 'late'
}

export const NO_FILTERS: Filters = {
  state: 'open', stage: '', item: '', area: '', department: '', dates: 'opened', from: '', to: '', late: '', bbox: '', at: '', outcome: '',
}

type Query = Record<string, unknown>

const one = (value: unknown): string => {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first.trim().slice(0, 1000) : ''
}
const among = <T extends string>(value: string, allowed: readonly T[], otherwise: T): T =>
  (allowed as readonly string[]).includes(value) ? (value as T) : otherwise
const date = (value: string) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '')
const moment = (value: string) => (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(value) ? value : '')
const box = (value: string) => (/^-?[\d.]+(,-?[\d.]+){3}$/.test(value) ? value : '')

/** Whatever stands in an address becomes filters; what makes no sense is left out. */
export function filtersFrom(query: Query): Filters {
  return {
    state: among(one(query.state), ['open', 'closed', 'all'], 'open'),
    stage: one(query.stage),
    item: one(query.item),
    area: one(query.area),
    department: one(query.department),
    dates: among(one(query.dates), ['opened', 'closed'], 'opened'),
    from: date(one(query.from)),
    to: date(one(query.to)),
    late: among(one(query.late), ['', 'soon', 'over'], ''),
    bbox: box(one(query.bbox)),
    at: moment(one(query.at)),
    outcome: among(one(query.outcome), ['', 'on_time', 'late'], ''),
  }
}

/** Only what differs from the plain list, in a steady order. */
export function queryOf(filters: Filters): Record<string, string> {
  const query: Record<string, string> = {}
  for (const key of Object.keys(NO_FILTERS) as (keyof Filters)[]) {
    if (filters[key] && filters[key] !== NO_FILTERS[key]) query[key] = filters[key]
  }
  if (query.dates && !query.from && !query.to) delete query.dates
  return query
}

/** The same filters as the server takes them. */
export function apiQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams({ state: filters.state })
  for (const key of ['stage', 'item', 'area', 'department', 'from', 'to', 'bbox', 'at', 'outcome'] as const) {
    if (filters[key]) query.set(key, filters[key])
  }
  if (filters.dates === 'closed' && (filters.from || filters.to)) query.set('dates', 'closed')
  if (filters.late === 'over') query.set('overdue', '1')
  if (filters.late === 'soon') query.set('soon', '1')
  return query
}

/** How many filters are set beyond open or closed: the number on the filter button. */
export function filterCount(filters: Filters): number {
  const query = queryOf(filters)
  delete query.state
  delete query.dates
  if (query.from && query.to) delete query.to
  return Object.keys(query).length
}
