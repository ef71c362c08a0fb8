// Pictures of every screen: node e2e/screens.mjs OUTDIR [name…]; each at phone and desk, zh and en, light and dark.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DESK, openBrowser, openPage, PHONE, settled, URL_BASE } from './browser.mjs'
import { anyCase, sentReport } from './data.mjs'
import { withAlarms } from './alarms.mjs'
import { withDevices } from './devices.mjs'
import { withRules } from './rules.mjs'
import { signedIn } from './tests/staff.mjs'

const [out, ...only] = process.argv.slice(2)
if (!out) { console.error('usage: node e2e/screens.mjs OUTDIR [screen…]'); process.exit(2) }
mkdirSync(out, { recursive: true })

const draft = { first: 'what', words: '桥下全是水，车熄火了', item: '', itemName: null, hasAsks: false, answers: {}, lat: null, lon: null, address: '铁路桥下，靠南边', name: '', phone: '', mail: '' }
const screens = {
  city: () => '/', cases: () => '/cases', 'cases-late': () => '/cases?late=over', 'cases-none': () => '/cases?from=1990-01-01&to=1990-01-01', case: (it) => `/cases/${it.no}`, report: () => '/report',
  'report-what': () => '/report/what', 'report-item': () => '/report/item', 'report-place': () => '/report/place', receipt: (_, token) => `/r/${token}`, catalogue: () => '/catalogue', evaluation: () => '/evaluation', interface: () => '/interface', 'open-data': () => '/open-data', algorithms: () => '/algorithms', reports: () => '/reports', missing: () => '/nowhere',
}
/** Of a made-up night, so that every state is there: to whom, and where. */
const sensing = {
  alarms: ['dispatcher-lead', '/alarms'], alarm: ['dispatcher-lead', '/alarms/2'], 'alarms-calm': ['dispatcher-lead', '/alarms', { empty: true }], rules: ['dispatcher-lead', '/rules'], rule: ['dispatcher-lead', '/rules/ponding-deep'], maintenance: ['dispatcher-lead', '/maintenance?past=1'],
  dashboard: ['dispatcher-lead', '/dashboards'], devices: ['administrator', '/devices'], device: ['administrator', '/devices/3'], 'device-new': ['administrator', '/devices/new'], claim: ['administrator', '/devices/claim'], ingest: ['administrator', '/ingest'],
}
/** The same pages on bad days: what the server does with a question for the API, and what must then be in sight. */
const days = {
  error: { path: '/cases', answer: (route) => route.fulfill({ status: 500, body: '' }), seen: '.state' },
  offline: { path: '/', answer: (route) => route.abort(), seen: '.state' },
  loading: { path: '/', answer: () => undefined, seen: '.el-skeleton' },
}
const picture = (page, file, fullPage) => page.screenshot({ path: join(out, `${file}.png`), fullPage })
const wanted = (file) => !only.length || only.some((part) => file.startsWith(part))
/** Two frames: what was changed last is drawn. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))

const it = await anyCase()
const token = await sentReport()
const browser = await openBrowser()
for (const [device, size] of [['desk', DESK], ['phone', PHONE]]) for (const lang of ['zh', 'en']) for (const theme of ['light', 'dark']) for (const large of lang === 'zh' && theme === 'light' ? [false, true] : [false]) {
  const form = `${device}.${lang}.${theme}${large ? '.large' : ''}`
  const { page, context } = await openPage(browser, { size, lang, theme, large })
  await page.addInitScript((it) => localStorage.setItem('zhili.draft', JSON.stringify(it)), draft)
  for (const [name, path] of Object.entries(screens)) {
    if (!wanted(`${name}.${form}`)) continue
    await page.goto(URL_BASE + path(it, token))
    await settled(page)
    await drawn(page)
    await picture(page, `${name}.${form}`, device === 'phone' && name !== 'cases' && name !== 'catalogue')
  }
  for (const [name, day] of Object.entries(days)) {
    if (!wanted(`${name}.${form}`)) continue
    await page.route('**/api/v1/**', day.answer)
    await page.goto(URL_BASE + day.path)
    await page.waitForSelector(day.seen)
    await drawn(page)
    await picture(page, `${name}.${form}`, false)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  }
  if (wanted(`waiting.${form}`)) {
    await page.addInitScript((it) => localStorage.setItem('zhili.draft', JSON.stringify(it)), { ...draft, item: '0102', itemName: { zh: '暴露垃圾', en: 'Exposed rubbish' } })
    await page.route('**/api/v1/signals', (route) => route.abort())
    await page.goto(`${URL_BASE}/report/send`)
    await page.locator('.next').click()
    await page.waitForSelector('.waiting')
    await picture(page, `waiting.${form}`, device === 'phone')
  }
  await context.close()
  for (const login of new Set(Object.values(sensing).map(([who]) => who))) {
    const due = Object.entries(sensing).filter(([name, [who]]) => who === login && wanted(`${name}.${form}`))
    if (!due.length) continue
    const one = await signedIn(browser, login, { size, lang, theme, large })
    for (const [name, [, path, made]] of due) {
      for (const answers of [withDevices, withRules, withAlarms]) await answers(one.page, made)
      await one.page.goto(URL_BASE + path)
      await settled(one.page)
      await drawn(one.page)
      await picture(one.page, `${name}.${form}`, true)
      await one.page.unrouteAll({ behavior: 'ignoreErrors' })
    }
    await one.context.close()
  }
}
await browser.close()
