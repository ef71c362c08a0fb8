// What the phone desk asks and hears.
import type { Alike, Case, Named, Text } from '../api/types'

export interface EarlierReport { kind: 'report'; no: string; item: Named; at: string; state: string; case_no: string | null; due_at: string | null }
export interface EarlierCall { kind: 'call'; at: string; state: string; item: Named | null }
export type Earlier = EarlierReport | EarlierCall

export interface OpenCall { id: number; opened_at: string; has_draft: boolean }
export interface CallFull extends OpenCall { number: string; earlier: Earlier[]; draft?: CallForm | null }

/** What is typed while somebody talks. */
export interface CallForm {
  words: string
  item: string
  itemName: Text | null
  answers: Record<string, string | string[]>
  address: string
  lat: number | null
  lon: number | null
  name: string
  phone: string
  secret: boolean
  nameless: boolean
}
export const emptyForm = (): CallForm => ({ words: '', item: '', itemName: null, answers: {}, address: '', lat: null, lon: null, name: '', phone: '', secret: false, nameless: false })

export interface NearCase extends Case { away_m: number; same_item: boolean }
/** What may be the same thing: an open case, or (`case` null) a report that waits. */
export interface SameNear extends Alike { no: string; item: Named; received_at: string; reports: number; case: Case | null }
export interface Known { address: Text; area: Text | null; same: SameNear[]; cases: NearCase[] }
export interface NamedPlace { name: Text; where: Text; lat: number; lon: number }
export interface Registered { no: string; token: string; link: string }

export interface CallBackLine {
  id: number; case_no: string; signal_no: string; item: Named; area: Text | null; department: Named | null; channel: string
  received_at: string; closed_at: string; due_at: string; attempts: number; contacted_at: string | null
}

/** How whoever does the work got in touch with a case's reporters. */
export interface Contacts { contacts: { at: string; reached: boolean }[]; due_at: string | null; reached_at: string | null; may: boolean }

export interface Figure { numerator: number | null; denominator: number; excluded: number }
export interface RateDefinition { code: string; name: Text; about: Text; among: string[]; count: string[]; without: string[]; source: string }
export interface Rates {
  version: string; definitions: RateDefinition[]; from: string; to: string; smallest: number
  all: Record<string, Figure>; rows: { key: string; name: Text | string; rates: Record<string, Figure> }[]
}
export interface RateAnswer {
  id: number; case_no: string; item: Named; department: Named | null; closed_at: string; counts: 'numerator' | 'denominator' | 'excluded'
  state: string; contacted_at: string | null; response_due_at: string | null; contacted: string; solved: string; satisfied: number | null; exclusion: string | null
}
export interface ExclusionLine { id?: number; case_no?: string; evidence?: string; asked_on: string; department: Named | null; item: Named; rates: (Text | string)[]; reason: Text | string; state: string; decided_by: Text | null }
export interface Exclusions { counts: Record<string, number>; exclusions: ExclusionLine[]; reasons: Named[] }
