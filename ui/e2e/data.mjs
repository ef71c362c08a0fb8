// What the tests need to know about the city that they are shown.
import { URL_BASE } from './browser.mjs'

export const ask = async (path) => (await fetch(URL_BASE + path)).json()

/** A case with a long story: in work and beyond, as old as the first page has. */
export async function anyCase() {
  const { cases } = await ask('/api/v1/cases?state=open&limit=50')
  const full = await Promise.all(cases.slice(-12).map((it) => ask(`/api/v1/cases/${encodeURIComponent(it.no)}`)))
  return full.sort((a, b) => b.story.length - a.story.length)[0]
}

export async function sentReport() {
  const { items } = await ask('/api/v1/items')
  const { centre } = await ask('/api/v1/city')
  const form = new FormData()
  for (const [key, value] of Object.entries({ item: items[0].code, lon: centre[0], lat: centre[1], words: '路口的灯不亮' })) form.set(key, String(value))
  return (await (await fetch(`${URL_BASE}/api/v1/signals`, { method: 'POST', body: form })).json()).token
}
