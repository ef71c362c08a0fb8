// What the server says. Every text comes in both languages; every time is ISO 8601 with the city's offset.

import type { CallBackLine } from '../phone/types'
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
  /** Not public: shown to those on duty for it. */
  private: boolean
  words: string | null
}

export interface Who { role: string; name: Text }
export type Audience = 'public' | 'staff' | 'system'

/** `shows`: near, far, before, after; of a report's photos nobody says it. */
export interface Photo { url: string; shows?: string }
/** A photo that a release decides about. */
export interface DecidedPhoto extends Photo { of: 'report' | 'case'; seen: 'public' | 'kept' | 'waiting' }

export interface Entry {
  seq: number
  at: string
  kind: string
  who: Who | null
  sentence: Text
  audience: Audience
  from_source?: boolean
  photos?: Photo[]
  /** So many more are not shown to everybody. */
  photos_unseen?: number
  changes?: { field: Text; from: string; to: string }[]
}

export interface Happening extends Entry { case_no: string; item: Named; stage: Stage }

/** What a release keeps from everybody, and why. */
export interface Withheld { words: boolean; place: boolean; photos: number; because: string }
export interface SignalBrief { no: string; state: string; received_at: string; words: string | null; photos: Photo[]; withheld: Withheld | null; photos_waiting: number }

export interface FullCase extends Case {
  condition?: Text | null
  /** When a case of this kind counts as done. */
  closed_when?: Text | null
  incident: { id: number; signals: number } | null
  /** The case with which it goes together, where it stands aside. */
  joined_to: string | null
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

export interface WaysToSignIn { providers: { code: string; name: Text }[]; passkeys_at: string }
export interface PasskeyAsked { challenge: string; rp_id: string; timeout_s: number; credentials?: string[]; user?: { id: string; name: string } }
export interface Passkey { id: number; name: string; made_at: string; used_at: string | null }
export interface OpenSession { id: string; means: string; this: boolean; began_at: string; used_at: string }
export interface WorkOfOne { person: string; month: string; handled: number; on_time: number; reworked: number; returned: number }
export interface OwnWork extends WorkOfOne { looks: { at: string; by: string; month: string }[] }
export interface OwnAbsence { id: number; deputy: string | null; from: string; until: string }
export interface Scope { code: string; name: Text }
export interface ApiKey { id: number; holder: string; scopes: Scope[]; issued_at: string; expires_at: string; used_at: string | null; revoked_at: string | null }
export interface AccountLink { id: number; login: string; provider: string; subject: string }

/** What a step asks for; `choices` of photos: what each must show. */
export interface StepAsk { field: string; required: boolean; choices: string[] }
export interface Step { verb: string; name: Text; allowed: boolean; asks: StepAsk[]; why_not: Text | null }
export interface Steps { version: number; steps: Step[] }

export interface WaitingSignal { no: string; item: Named; received_at: string; area: { id: number; name: Text } | null; channel: string; words: string | null }
export type InboxGroup =
  | { kind: 'cases'; title: Text; count: number; department: string; cases: Case[] }
  | { kind: 'signals'; title: Text; count: number; signals: WaitingSignal[] }
  | { kind: 'call_backs'; title: Text; count: number; call_backs: CallBackLine[] }
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
  photos: DecidedPhoto[]
  photos_until: number
  withheld: string[]
  released_words: string | null
  conditions: { code: string; when: Text }[]
  case_no: string | null
  steps: Step[]
}

/** A part of the score of two reports. */
export interface AlikePart { part: string; name: Text; weight: number; score: number; reason: Text }
export interface Alike { score: number; parts: AlikePart[]; reason: Text }
export interface Candidate extends Alike {
  report: Omit<WorkSignal, 'steps'>
  reports: number
  join: { no: string; version: number; into: string } | null
  /** Both wait: it may go along when the other is registered. */
  may_follow: boolean
  why_not: Text | null
  may_tell_apart: boolean
}
export interface Candidates { report: Omit<WorkSignal, 'steps'>; candidates: Candidate[] }
export interface IncidentMember extends Omit<WorkSignal, 'steps'> {
  joined: { at: string; by: 'person' | 'rule'; rule: string | null; reason: string | null; with_case: boolean; alike: Alike | null } | null
  case_aside: string | null
  may_split: boolean
}
export interface Incident { id: number; case_no: string; stage: string; reports: number; hidden: number; signals: IncidentMember[] }

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
  withheld: Withheld | null
  photos_waiting: number
  case_no: string | null
  /** Whether everybody may open its page. */
  case_public: boolean
  due_at: string | null
  /** How many tell of the same thing, this one among them. */
  reports: number
  story: Entry[]
}

/** What a reporter may do with their own report, and with its case. */
export interface StepsOfOne { version: number; steps: Step[] }
export interface ReceiptSteps { report: StepsOfOne; case: StepsOfOne | null }

/** What a release is asked about: the parts of a report, and what was kept back last time. */
export interface Releasable { photos: DecidedPhoto[]; until: number; words: boolean; place: boolean; withheld: string[] }

/** What everybody may take along. */
export interface OpenMonth { month: string; published_at: string; rows: number; reports: number; cases: number; digest: string }
export interface OpenData {
  publisher: Text
  licence: { name: string; url: string | null } | null
  smallest_cell: number
  rule: Text
  figures: { code: string; name: Text; about: Text; outcomes: { code: string; name: Text; about: Text }[] }[]
  months: OpenMonth[]
  downloads: { code: string; name: Text; url: string; type: string }[]
}

/** An entry of the register of algorithms. */
export interface Algorithm {
  code: string
  name: Text
  purpose: Text
  does: 'suggests' | 'acts'
  owner: Text
  basis: Text
  version: string
  uses: Text
  quality: Text
  measured_by: string | null
  overruled_by: Named
  overruling: Text
  pack: { code: string; version: string; name: Text }
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

export interface ReportLine {
  id: number; template: Named; title: Text; subtitle: Text; area: string; query: string; from: string; to: string
  scheduled: boolean; state: 'draft' | 'approved' | 'published' | 'withdrawn'; version: number; published: number | null; changed_at: string
}
export interface ReportPage { reports: ReportLine[]; next: number | null; may_draft: boolean }
export interface ReportStep { at: string; kind: string; by: string; version: number; reason: string; departments: string[] }
export interface ReportSending { department: string; name: Text; version: number; at: string; deliveries: { hook: string; state: 'waiting' | 'delivered' | 'given_up'; attempts: number; trouble: string | null; done_at: string | null }[] }
export interface OneReport extends ReportLine { next: { verb: string; name: Text }[]; steps: ReportStep[]; sent: ReportSending[]; comment: Text; as_of: string; digest: string }
export interface ReportTemplate { code: string; name: Text; about: Text; period: 'day' | 'week' | 'month' | 'special'; scheduled: boolean }
export interface SavedView { id: number; name: string; query: string; own: boolean; made_at: string }
