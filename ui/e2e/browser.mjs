// Debian's Chromium with a fresh profile, drawing WebGL in software.
import { chromium } from 'playwright-core'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-unsafe-swiftshader', '--use-gl=angle', '--use-angle=swiftshader']

export const URL_BASE = (process.env.ZHILI_URL ?? 'http://127.0.0.1:8090').replace(/\/$/, '')
// Generous: a machine that builds at the same time draws maps slowly.
export const WAIT_MS = Number(process.env.ZHILI_E2E_WAIT_MS ?? 60_000)

export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1440, height: 900 }

/** Up to so long each answer is held back, by chance, so that they also change places: what a test does not wait for shows itself then,
 *  and not only on the day when the machine is busy. */
const LATE_MS = Number(process.env.ZHILI_E2E_LATE_MS ?? 0)

const answerLate = (page) => page.addInitScript((late) => {
  const plain = window.fetch
  const later = window.setTimeout.bind(window) // a test's own clock may take its place
  window.fetch = async (...asked) => {
    const answer = await plain(...asked)
    await new Promise((done) => later(done, Math.random() * late))
    asked[1]?.signal?.throwIfAborted()
    return answer
  }
}, LATE_MS)

export const openBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, timeout: WAIT_MS })

/** A page of its own: language, theme and size as asked, with a service worker only if allowed. Console errors are gathered in `faults`. */
export async function openPage(browser, { size = DESK, lang = 'zh', theme = 'light', large = false, reducedMotion = 'reduce', workers = 'block' } = {}) {
  const phone = size.width < 720
  const context = await browser.newContext({ viewport: size, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', colorScheme: theme, reducedMotion, isMobile: phone, hasTouch: phone, serviceWorkers: workers, permissions: [] })
  await context.addInitScript(([chosen, big]) => {
    if (localStorage.getItem('zhili.lang')) return
    localStorage.setItem('zhili.lang', chosen)
    localStorage.setItem('zhili.large', big ? '1' : '0')
  }, [lang, large])
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  if (LATE_MS) await answerLate(page)
  const faults = []
  page.on('console', (message) => { if (message.type() === 'error' && !/status of 404|status of 422|ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(message.text())) faults.push(message.text()) })
  page.on('pageerror', (error) => faults.push(String(error)))
  return { page, context, faults }
}

/** Waits until the page has its content and, if there is one and it is asked for, the map is drawn. */
export async function settled(page, { map = true, tiles = map } = {}) {
  await page.waitForSelector('main h1, .state', { state: 'attached' })
  const path = new URL(page.url()).pathname
  const desk = page.viewportSize().width > 1180
  if (path === '/' || path === '/report/place' || (path === '/cases' && desk)) await page.waitForSelector('.map')
  await page.waitForFunction(() => !document.querySelector('.el-skeleton'))
  if (map) await page.waitForFunction(() => [...document.querySelectorAll('.map')].every((one) => one.dataset.ready === 'true' || one.querySelector('.broken')))
  if (tiles) await page.waitForFunction(() => !document.querySelector('.map .box') || window.zhiliMap?.areTilesLoaded())
}
