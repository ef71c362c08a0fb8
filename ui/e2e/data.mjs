// What the tests need to know about the city that they are shown.
import { URL_BASE } from './browser.mjs'

export const ask = async (path) => (await fetch(URL_BASE + path)).json()

/** A case with a long story: in work and beyond, as old as the first page has. */
export async function anyCase() {
  const { cases } = await ask('/api/v1/cases?state=open&limit=50')
  const full = await Promise.all(cases.slice(-12).map((it) => ask(`/api/v1/cases/${encodeURIComponent(it.no)}`)))
  return full.sort((a, b) => b.story.length - a.story.length)[0]
}

/** A case that went the whole way; the city must have lived longer than the days for rating and appeal. */
export async function evaluatedCase() {
  const { cases } = await ask('/api/v1/cases?stage=evaluated&limit=50')
  if (!cases.length) throw new Error('no case is evaluated yet: let the demo live for ten days first (--days 10)')
  const full = await Promise.all(cases.slice(0, 20).map((it) => ask(`/api/v1/cases/${encodeURIComponent(it.no)}`)))
  return full.find((it) => it.story.some((entry) => entry.kind === 'case.taken')) ?? full[0]
}

/** A case of which a step has photos that everybody may see. */
export async function photographedCase() {
  const { cases } = await ask('/api/v1/cases?state=closed&limit=50')
  for (const it of cases.filter((one) => one.released)) {
    const full = await ask(`/api/v1/cases/${encodeURIComponent(it.no)}`)
    if (full.story.some((entry) => entry.photos?.length)) return full
  }
  throw new Error('no closed and released case has photos: let the demo live for longer')
}

export async function sentReport() {
  const { items } = await ask('/api/v1/items')
  const { centre } = await ask('/api/v1/city')
  const form = new FormData()
  for (const [key, value] of Object.entries({ item: items[0].code, lon: centre[0], lat: centre[1], words: '路口的灯不亮' })) form.set(key, String(value))
  return (await (await fetch(`${URL_BASE}/api/v1/signals`, { method: 'POST', body: form })).json()).token
}
