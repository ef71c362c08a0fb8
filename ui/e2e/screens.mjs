// Pictures of every screen: node e2e/screens.mjs OUTDIR [name…]; each at phone and desk, zh and en, light and dark.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DESK, openBrowser, openPage, PHONE, settled, URL_BASE } from './browser.mjs'
import { anyCase, sentReport } from './data.mjs'

const [out, ...only] = process.argv.slice(2)
if (!out) { console.error('usage: node e2e/screens.mjs OUTDIR [screen…]'); process.exit(2) }
mkdirSync(out, { recursive: true })

const draft = { first: 'what', words: '桥下全是水，车熄火了', item: '', itemName: null, hasAsks: false, answers: {}, lat: null, lon: null, address: '铁路桥下，靠南边', name: '', phone: '', mail: '' }
const screens = {
  city: () => '/', cases: () => '/cases', 'cases-late': () => '/cases?late=over', case: (it) => `/cases/${it.no}`, report: () => '/report', 'report-what': () => '/report/what', 'report-item': () => '/report/item',
  'report-place': () => '/report/place', receipt: (_, token) => `/r/${token}`, catalogue: () => '/catalogue', missing: () => '/nowhere',
}
const it = await anyCase()
const token = await sentReport()
const browser = await openBrowser()
for (const [device, size] of [['desk', DESK], ['phone', PHONE]]) for (const lang of ['zh', 'en']) for (const theme of ['light', 'dark']) for (const large of lang === 'zh' && theme === 'light' ? [false, true] : [false]) {
  const { page, context } = await openPage(browser, { size, lang, theme, large })
  await page.addInitScript((it) => localStorage.setItem('zhili.draft', JSON.stringify(it)), draft)
  for (const [name, path] of Object.entries(screens)) {
    const file = `${name}.${device}.${lang}.${theme}${large ? '.large' : ''}`
    if (only.length && !only.some((part) => file.startsWith(part))) continue
    await page.goto(URL_BASE + path(it, token))
    await settled(page)
    await page.waitForTimeout(350)
    await page.screenshot({ path: join(out, `${file}.png`), fullPage: device === 'phone' && name !== 'cases' && name !== 'catalogue' })
  }
  await context.close()
}
await browser.close()
