// What a release keeps back, in words.
import type { Withheld } from '../api/types'

type Say = (key: string, values?: Record<string, unknown>, many?: number) => string

export function withheldParts(it: Withheld, t: Say): string {
  return [it.words && t('release.words'), it.place && t('release.place'), it.photos > 0 && t('release.photos', { n: it.photos }, it.photos)].filter(Boolean).join(t('release.and'))
}
