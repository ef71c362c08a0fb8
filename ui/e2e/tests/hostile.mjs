// Words that try to be something else: shown as words, everywhere they are shown.
import { equal, match, ok } from 'node:assert/strict'
import { DESK, openPage, settled, URL_BASE } from '../browser.mjs'
import { anyCase, ask } from '../data.mjs'
import { fits, test } from '../testing.mjs'

const WORDS = [
  '<img src=x onerror="window.caught=1"><script>window.caught=1</script>', '"><svg onload=window.caught=1>', '{{ constructor.constructor("window.caught=1")() }}',
  'javascript:window.caught=1', '%3Cscript%3E &lt;b&gt; &#x3C;i&#x3E;', 'a\r\nSet-Cookie: caught=1\r\n\r\nb', '\u202eevil\u202c \u2067rtl\u2069 \u200f\u200e',
  'العربية עברית हिन्दी ไทย ខ្មែរ አማርኛ ᠮᠣᠩᠭᠣᠯ བོད་ ئۇيغۇرچە 한국어 日本語 Ελληνικά Русский', '𠮷野家 👩‍👩‍👧‍👦 e\u0301 Z\u0351\u036b\u0343', '\u0000NUL', "'; DROP TABLE signal; --",
].join('\n')
const CLEAN = WORDS.replace('\u0000', '')
const shown = (text) => text.replace(/\s+/g, ' ').trim()

async function send(fields) {
  const form = new FormData()
  for (const [key, value] of Object.entries(fields)) form.set(key, String(value))
  return fetch(`${URL_BASE}/api/v1/signals`, { method: 'POST', body: form })
}

/** Nothing ran, nothing was made out of the words, and they stand there as written. */
async function isHarmless(page, faults, where) {
  equal(await page.evaluate(() => window.caught), undefined, where)
  equal(await page.evaluate(() => document.cookie), '', where)
  equal(await page.locator('img[src="x"], main script, svg[onload]').count(), 0, where)
  ok(shown(await page.evaluate(() => document.body.textContent)).includes(shown(CLEAN)), `${where}: not as written`)
  ok(await fits(page), `${where}: wider than the screen`)
  equal(faults.join(), '', where)
}

test('words in every script, marks that turn them round, and HTML are shown as words', async (browser) => {
  const { centre } = await ask('/api/v1/city')
  const { items } = await ask('/api/v1/items')
  const report = { item: items.find((it) => it.public && !it.asks.some((one) => one.required)).code, lon: centre[0], lat: centre[1], address: '<b>桥</b>' }
  const refused = await send({ ...report, words: WORDS })
  const answer = refused.ok ? refused : await send({ ...report, words: CLEAN })
  if (!refused.ok) match((await refused.json()).field ?? '', /words/)
  const { token } = await answer.json()
  equal((await ask(`/api/v1/signals/${token}`)).words.replace(/\r\n/g, '\n').replace(/\r/g, '\n'), CLEAN.replace(/\r\n/g, '\n'))
  const { page, context, faults } = await openPage(browser, { size: DESK })
  await page.goto(`${URL_BASE}/r/${token}`)
  await page.waitForSelector('.steps')
  await isHarmless(page, faults, 'receipt')
  await context.close()
})

test('a case with such words is harmless in the list, in its story and on the first page', async (browser) => {
  const full = await ask(`/api/v1/cases/${(await anyCase()).no}`)
  const text = { zh: CLEAN, en: CLEAN }
  const bad = { ...full, words: CLEAN, item: { code: '0102', name: text }, department: { code: 'x', name: text }, signals: [{ no: CLEAN, state: 'registered', received_at: full.opened_at, words: CLEAN, photos: [] }], story: full.story.map((entry) => ({ ...entry, sentence: text })) }
  const { page, context, faults } = await openPage(browser, { size: DESK })
  const answers = (route, body) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) })
  await page.route('**/api/v1/cases?**', (route) => answers(route, { cases: [bad], next: null }))
  await page.route(`**/api/v1/cases/${full.no}`, (route) => answers(route, bad))
  await page.route('**/api/v1/now?**', async (route) => answers(route, { ...(await ask('/api/v1/now?limit=1')), happening: [{ ...bad.story[0], case_no: bad.no, item: bad.item, stage: bad.stage }] }))
  for (const path of ['/', '/cases', `/cases/${full.no}`]) {
    await page.goto(URL_BASE + path)
    await settled(page)
    await page.waitForFunction(() => document.body.textContent.includes('DROP TABLE'))
    await isHarmless(page, faults, path)
  }
  await context.close()
})

test('no script runs that is not a file of ours', async (browser) => {
  const answer = await fetch(`${URL_BASE}/`)
  const policy = Object.fromEntries((answer.headers.get('content-security-policy') ?? '').split(';').map((rule) => rule.trim().split(/ (.*)/s).slice(0, 2)))
  equal(policy['default-src'], "'self'")
  equal(policy['script-src'], "'self'")
  equal(policy['object-src'], "'none'")
  equal(policy['base-uri'], "'none'")
  equal(policy['frame-ancestors'], "'none'")
  equal(answer.headers.get('x-content-type-options'), 'nosniff')
  const { page, context } = await openPage(browser)
  await page.goto(URL_BASE)
  await page.waitForSelector('main h1')
  const blocked = await page.evaluate(() => new Promise((done) => {
    document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), { once: true })
    const script = document.createElement('script')
    script.textContent = 'window.caught = 1'
    document.head.append(script)
  }))
  match(blocked, /^script-src/)
  equal(await page.evaluate(() => window.caught), undefined)
  await context.close()
})
