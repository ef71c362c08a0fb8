// A text in both languages, in the language of the reader; a bare word stays as it is.
import type { Text } from '../api/types'

export type Lang = 'zh' | 'en'

export function say(text: Text | string | null | undefined, lang: Lang): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return text[lang] || text.zh || text.en || ''
}

/** 12,345 in both languages; a space that does not break stands before a unit. */
export const figure = (count: number): string => Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ',')
