// All living cases of a view, page by page, up to what a map can show; a page that has not changed costs nothing.

import { get } from './client'
import { useLive, type Live } from './live'
import type { Case, CasePage } from './types'

const PAGE = 200
const PAGES_MAX = 10

async function pages(url: string, outer: AbortSignal): Promise<{ body: Case[]; changed: boolean }> {
  const cases: Case[] = []
  let cursor = ''
  let changed = false
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await get<CasePage>(`${url}&limit=${PAGE}${cursor}`, outer)
    cases.push(...answer.body.cases)
    changed ||= answer.changed
    if (!answer.body.next) break
    cursor = `&cursor=${encodeURIComponent(answer.body.next)}`
  }
  return { body: cases, changed }
}

export const useManyCases = (url: () => string | null, everyMs: number): Live<Case[]> => useLive(url, everyMs, pages)
