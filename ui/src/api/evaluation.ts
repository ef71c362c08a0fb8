// What the server says about evaluation.
import type { Case, Named, Text } from './types'

export type Dimension = 'department' | 'area' | 'item' | 'function' | 'source' | 'grid'
export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'year'
export type FigurePart = 'numerator' | 'denominator' | 'excluded'

export interface Figure { hidden?: true; numerator: number; denominator: number; excluded: number; value: number | null; before: number | null; year_before: number | null }
export interface TotalFigure extends Figure { reasons: { fact: string; name: Text; number: number }[] }
export interface Score { total: number; parts: Record<string, number> }
/** `key` is null where no filter gives this row alone. */
export interface Row { key: string | null; name: Text; figures: Record<string, Figure>; score?: Score | null }
export interface Point { period: string; kind: PeriodKind; from: string; to: string; figures: Record<string, { hidden?: true; numerator: number; denominator: number; value: number | null }> }

export interface Evaluation {
  period: string
  kind: PeriodKind
  from: string
  to: string
  running: boolean
  today: string
  by: Dimension
  level: string | null
  staff: boolean
  smallest: number
  complete: boolean
  /** Entries of the ledger that are still to be counted. */
  behind: number
  indicators: string[]
  rows: Row[]
  rows_left_out: number
  total: { figures: Record<string, TotalFigure>; score?: Score | null }
  trend: Point[]
}

export interface FactWords { fact: string; name: Text }
export interface Indicator {
  code: string
  name: Text
  about: Text
  of: 'cases' | 'signals'
  count: FactWords[]
  count_not: FactWords[]
  among: FactWords[]
  among_not: FactWords[]
  without: FactWords[]
  sum: Named
  per: Named
  unit: 'share' | 'times' | 'hours'
  better: 'more' | 'less'
  public: boolean
  source: string
}
export interface ScorePart { indicator: string; points: number; reach: number; less_per_point: number; each: number; after: number; then_each: number }
export interface ScoreRule { code: string; name: Text; about: Text; source: string; parts: ScorePart[] }
export interface Indicators { indicators: Indicator[]; scores: ScoreRule[] }

export interface ListedSignal { no: string; item: Named; received_at: string; area: { id: number; name: Text } | null; state: string }
export interface Behind {
  indicator: string
  name: Text
  of: 'cases' | 'signals'
  period: string
  numerator: number
  denominator: number
  excluded: number
  kept_private: number
  cases?: Case[]
  signals?: ListedSignal[]
  next: string | null
}
