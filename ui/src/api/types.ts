// What the server says. Every text comes in both languages; every time is ISO 8601 with the city's offset.

export interface Text { zh: string; en: string }
export interface Named { code: string; name: Text }
export type LonLat = [number, number]
export type Box = [number, number, number, number]

export interface City {
  name: Text
  now: string
  demo: { speed: number; accounts: { login: string; post: Text }[]; password: string } | null
  /** False where no areas were loaded: there is no base map, only the places of cases. */
  has_places?: boolean
  centre: LonLat
  bounds: Box
  levels: Named[]
}

export interface Area { id: number; code: string; level: string; name: Text; parent: number | null; centre: LonLat }

export type Unit = 'urgent_hours' | 'work_hours' | 'work_days' | 'natural_days'
export type ClockState = 'idle' | 'running' | 'paused' | 'stopped' | 'expired'

/**
 * `budget`, `used` and `left` are in parts of the clock's own unit: an hour has 3,600,000, a day 86,400,000 (whatever
 * the length of its work hours). `left` is below zero when it is over.
 */
export interface Clock {
  name: Text | string
  unit: Unit
  budget: number
  used: number
  left: number
  due_at: string | null
  state: ClockState
  because: Text | null
}

export interface Span { from: string; to: string | null; kind: 'ran' | 'paused'; reason: Text | null; by: Text | null }
export interface FullClock extends Clock { spans: Span[] }

export type Stage =
  | 'registered' | 'dispatched' | 'handling' | 'reported_back' | 'verifying' | 'verified' | 'suspended'
  | 'closed' | 'evaluated' | 'archived'

export type Source = 'citizen' | 'collector' | 'sensor' | 'camera' | 'system' | 'import'

export interface Case {
  id: number
  no: string
  item: Named
  stage: Stage
  source?: Source
  area: { id: number; name: Text } | null
  grid: string | null
  lat: number | null
  lon: number | null
  exact: boolean
  opened_at: string
  due_at: string | null
  closed_at: string | null
  department: Named | null
  clock: Clock | null
  origin: number
  released: boolean
  words: string | null
}

export interface Who { role: string; name: Text }
export type Audience = 'public' | 'staff' | 'system'

/** `shows`: near, far, before, after; of a report's photos nobody says it. */
export interface Photo { url: string; shows?: string }

export interface Entry {
  seq: number
  at: string
  kind: string
  who: Who | null
  sentence: Text
  audience: Audience
  from_source?: boolean
  photos?: Photo[]
  changes?: { field: Text; from: string; to: string }[]
}

export interface Happening extends Entry { case_no: string; item: Named; stage: Stage }

export interface SignalBrief { no: string; state: string; received_at: string; words: string | null; photos: Photo[] }

export interface FullCase extends Case {
  condition?: Text | null
  /** When a case of this kind counts as done. */
  closed_when?: Text | null
  incident: { id: number; signals: number } | number | null
  signals: SignalBrief[]
  clocks: FullClock[]
  story: Entry[]
  duty_chain: { what: Text; value: Text }[]
}

export interface Grant {
  role: string
  post: string
  post_name: Text | null
  department: string
  department_name: Text | null
  area: string
  items: string[]
  stands_in_for: string | null
}
export interface Session { login: string; person: string; must_change: boolean; csrf: string; grants: Grant[] }

/** What a step asks for; `choices` of photos: what each must show. */
export interface StepAsk { field: string; required: boolean; choices: string[] }
export interface Step { verb: string; name: Text; allowed: boolean; asks: StepAsk[]; why_not: Text | null }
export interface Steps { version: number; steps: Step[] }

export interface WaitingSignal { no: string; item: Named; received_at: string; area: { id: number; name: Text } | null; channel: string; words: string | null }
export type InboxGroup =
  | { kind: 'cases'; title: Text; department: string; cases: Case[] }
  | { kind: 'signals'; title: Text; signals: WaitingSignal[] }
export interface Inbox { groups: InboxGroup[] }

/** A report as staff see it. */
export interface WorkSignal {
  no: string
  state: string
  version: number
  item: Named
  area: { id: number; name: Text } | null
  received_at: string
  released: boolean
  private: boolean
  checked: string
  words: string | null
  address: string | null
  lat: number | null
  lon: number | null
  channel: string
  photos: Photo[]
  conditions: { code: string; when: Text }[]
  case_no: string | null
  steps: Step[]
}

export interface Account { login: string; person: string; disabled: boolean; must_change: boolean; made_at: string }
export interface Appointment { id: number; person: string; post: string; area: string; items: string[]; from: string; until: string | null }
export interface Absence { id: number; person: string; deputy: string | null; from: string; until: string }
export interface Post { code: string; role: string; department: string; name: Text }
export interface People { accounts: Account[]; appointments: Appointment[]; absences: Absence[]; posts: Post[] }
export interface WhoMay { verb: string; verb_name: Text; roles: string[]; people: { person: string; allowed: boolean; because: Text[] }[] }

export interface CasePage { cases: Case[]; next: string | null }
export interface Count { key: string; name: Text; count: number }
export interface Counts { total: number; by: Count[] }

/** What the first page shows, in one answer: the figures and the newest sentences. `checking`: reports that are looked at on site before they become cases. */
export interface Now {
  at: string
  in_hand: number
  soon: number
  late: number
  closed_today: number
  checking: number
  checking_late: number
  happening: Happening[]
}

export interface Ask {
  code: string
  type: 'text' | 'long_text' | 'number' | 'datetime' | 'list' | 'multi_list'
  label: Text
  required: boolean
  options?: { key: string; name: Text }[]
}

export interface Condition {
  code: string
  when: Text
  closed_when: Text | null
  function: Named
  clocks: { code: string; name: Text | string; amount: number; unit: Unit }[]
}

export interface Item {
  code: string
  kind: 'event' | 'component' | 'service'
  name: Text
  group: Named
  words: Text | string[] | null
  public: boolean
  asks: Ask[]
  conditions: Condition[]
  pack: string
  version: string
  source: string | null
}

export interface Receipt {
  no: string
  item: Named
  received_at: string
  state: string
  words: string | null
  steps: { name: Text | string; at: string | null; note: Text | string | null }[]
  case_no: string | null
  due_at: string | null
  story: Entry[]
}

export interface Sent { no: string; token: string; link: string }

/** RFC 9457, with the field that is wrong and a sentence in both languages. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  field?: string
  detail?: Text | string
}
