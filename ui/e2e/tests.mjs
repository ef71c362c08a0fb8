import { deepEqual, equal, match, ok } from 'node:assert/strict'
import axe from 'axe-core'
import { DESK, openPage, PHONE, settled, URL_BASE } from './browser.mjs'
import { anyCase, ask, evaluatedCase, sentReport } from './data.mjs'

export const tests = []
const test = (name, run) => tests.push([name, run])

/** Serious and critical findings as lines that say what and where. */
async function findings(page) {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`)
}
async function at(browser, path, options) {
  const one = await openPage(browser, options)
  await one.page.goto(URL_BASE + path)
  await settled(one.page)
  return one
}
const words = (page, selector) => page.locator(selector).first().innerText()

// Every screen in every form: nothing overflows, no error in the console, nothing serious for axe.
const screens = { city: () => '/', cases: () => '/cases', 'cases, none': () => '/cases?from=1990-01-01&to=1990-01-01', case: async () => `/cases/${(await anyCase()).no}`, 'case, missing': () => '/cases/none', report: () => '/report', 'report what': () => '/report/what', 'report item': () => '/report/item', 'report place': () => '/report/place', receipt: async () => `/r/${await sentReport()}`, catalogue: () => '/catalogue', missing: () => '/nowhere' }
for (const [name, path] of Object.entries(screens)) for (const [device, size] of [['phone', PHONE], ['desk', DESK]]) {
  test(`screen ${name} at ${device}`, async (browser) => {
    const { page, context, faults } = await at(browser, await path(), { size })
    const look = async (where) => {
      await settled(page, { tiles: false })
      deepEqual([where, await findings(page)], [where, []])
      equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${where}: wider than the screen`)
      deepEqual(faults, [], where)
    }
    await look('zh light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await look('zh dark')
    await page.click('.lang')
    equal(await page.evaluate(() => document.documentElement.lang), 'en')
    await look('en dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await look('en light')
    await page.evaluate(() => localStorage.setItem('zhili.large', '1'))
    await page.reload()
    await look('en light large')
    await page.click('.lang')
    await look('zh light large')
    await context.close()
  })
}

test('the map is really drawn: tiles, names in both scripts, marks', async (browser) => {
  for (const lang of ['zh', 'en']) {
    const { page, context } = await at(browser, '/', { lang })
    await page.waitForFunction(() => window.zhiliMap?.areTilesLoaded() && window.zhiliMap.querySourceFeatures('cases').length > 0)
    const seen = await page.evaluate(() => {
      const map = window.zhiliMap
      const drawn = (layer) => map.queryRenderedFeatures({ layers: [layer] })
      return { roads: drawn('road').length, streets: drawn('name-street').map((one) => one.properties.en), marks: drawn('marks').length + drawn('clusters').length, font: map.getStyle().glyphs ?? 'local' }
    })
    ok(seen.roads > 5 && seen.marks > 0 && seen.streets.length > 0, JSON.stringify(seen))
    equal(seen.font, 'local')
    await context.close()
  }
})

test('letters of a label reach the picture, Latin and Chinese, without a glyph server', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  const ink = await page.evaluate(async () => {
    const map = window.zhiliMap
    const dark = async (text) => {
      map.addSource(text, { type: 'geojson', data: { type: 'Feature', geometry: { type: 'Point', coordinates: map.getCenter().toArray() }, properties: {} } })
      map.addLayer({ id: text, type: 'symbol', source: text, layout: { 'text-field': text, 'text-size': 40, 'text-font': ['sans-serif'], 'text-allow-overlap': true }, paint: { 'text-color': '#ff00ff' } })
      await new Promise((done) => map.once('idle', done))
      const count = await new Promise((done) => {
        map.once('render', () => {
          const gl = map.getCanvas().getContext('webgl2') ?? map.getCanvas().getContext('webgl')
          const pixels = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4)
          gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
          let found = 0
          for (let i = 0; i < pixels.length; i += 4) if (pixels[i] > 220 && pixels[i + 1] < 60 && pixels[i + 2] > 220) found += 1
          done(found)
        })
        map.triggerRepaint()
      })
      map.removeLayer(text)
      return count
    }
    return { latin: await dark('Liucheng'), chinese: await dark('榴城'), nothing: await dark(' ') }
  })
  ok(ink.latin > 200 && ink.chinese > 200, JSON.stringify(ink))
  equal(ink.nothing, 0)
  await context.close()
})

test('nothing is fetched from elsewhere', async (browser) => {
  const { page, context } = await openPage(browser)
  const asked = []
  page.on('request', (request) => asked.push(request.url()))
  for (const path of ['/', '/cases', '/catalogue', '/report/place']) { await page.goto(URL_BASE + path); await settled(page) }
  deepEqual(asked.filter((url) => !url.startsWith(URL_BASE) && !url.startsWith('blob:') && !url.startsWith('data:')), [])
  await context.close()
})

test('a click on a mark opens its story', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  await page.waitForFunction(() => window.zhiliMap.querySourceFeatures('cases').length > 0)
  const spot = await page.evaluate(async () => {
    const map = window.zhiliMap
    await new Promise((done) => { map.once('idle', done); map.triggerRepaint() })
    const one = map.queryRenderedFeatures({ layers: ['marks'] })[0]
    return one ? { ...map.project(one.geometry.coordinates), no: one.properties.no } : null
  })
  ok(spot, 'no single mark in sight')
  const box = await page.locator('.maplibregl-canvas').boundingBox()
  await page.mouse.click(box.x + spot.x, box.y + spot.y)
  await page.waitForURL(/\/cases\/LC-|\/cases\//)
  match(await words(page, 'main h1'), /\S/)
  await context.close()
})

test('the figures lead to their cases', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  await page.click('.sums .late a')
  await page.waitForURL(/late=over/)
  await settled(page)
  const { total } = await ask('/api/v1/counts?state=open&overdue=1&by=stage')
  const shown = await page.locator('ol.list > li').count()
  ok(total === 0 || shown > 0, `${total} late, ${shown} shown`)
  await context.close()
})

test('filters live in the address, survive a reload and go back', async (browser) => {
  const { page, context } = await at(browser, '/cases', {})
  await page.click('.el-segmented__item >> text=已结')
  await page.waitForURL(/state=closed/)
  await settled(page)
  ok((await page.locator('.list .stage').allInnerTexts()).every((stage) => /结案|已评价|已归档/.test(stage)))
  await page.click('text=清除条件')
  await page.click('label >> text=已超时')
  await page.waitForURL(/late=over/)
  await page.reload()
  await settled(page)
  ok(await page.isChecked('input[name=late][value=over]'))
  await page.click('label >> text=不限')
  await page.click('.bars a >> nth=0')
  await page.waitForURL(/stage=/)
  await page.click('text=清除条件')
  await page.waitForURL((url) => !url.search.includes('stage='))
  const { no } = await anyCase()
  await page.fill('.number input', no)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/cases/${encodeURIComponent(no)}`)
  await context.close()
})

test('more cases come below, none twice', async (browser) => {
  const { page, context } = await at(browser, '/cases?state=all', {})
  await page.click('text=再看 50 件')
  await page.waitForFunction(() => document.querySelectorAll('ol.list > li').length > 60)
  const numbers = await page.locator('ol.list > li').evaluateAll((rows) => rows.map((row) => row.dataset.no))
  equal(new Set(numbers).size, numbers.length)
  await context.close()
})

test('a case tells its story; system entries come when asked', async (browser) => {
  const it = await anyCase()
  const { page, context } = await at(browser, `/cases/${it.no}`, {})
  const system = it.story.filter((entry) => entry.audience === 'system').length
  const before = await page.locator('.story ol > li').count()
  ok(before >= it.story.length - system)
  if (system) {
    await page.check('.story input[type=checkbox]')
    ok((await page.locator('.story ol > li').count()) >= before + system)
  }
  await page.focus('.ledger')
  await page.waitForSelector('.spans li')
  await page.keyboard.press('Escape')
  await context.close()
})

test('one case is followed from report to evaluation', async (browser) => {
  const it = await evaluatedCase()
  const { page, context } = await at(browser, `/cases/${it.no}`, {})
  if (await page.locator('.story input[type=checkbox]').count()) await page.check('.story input[type=checkbox]')
  const told = (await page.locator('.story ol > li').allInnerTexts()).join('\n')
  let from = 0
  for (const step of ['立案', '派给', '接单', '反馈', '核查通过', '结案', '综合评价完成']) {
    from = told.indexOf(step, from)
    ok(from >= 0, `${step} is missing, or out of order, in the story of ${it.no}:\n${told}`)
  }
  await context.close()
})

test('a report goes from three taps to a receipt, and the draft survives a reload', async (browser) => {
  const { page, context } = await at(browser, '/report', { size: PHONE })
  await page.click('text=写一句话')
  await page.click('text=下一步')
  match(await words(page, '#what-fault'), /还没有内容/)
  await page.fill('#words', '路灯不亮，晚上很黑')
  await page.reload()
  equal(await page.inputValue('#words'), '路灯不亮，晚上很黑')
  await page.click('text=下一步')
  await page.waitForSelector('.kind')
  match(await words(page, '.kind'), /灯/)
  await page.click('.kind >> nth=0')
  await page.click('text=下一步')
  if (await page.locator('h1 >> text=再问一两句').count()) { await page.click('.choice >> nth=0'); await page.click('text=下一步') }
  await page.waitForSelector('.pin')
  await page.click('text=就是这里')
  match(await words(page, '.fault'), /还不知道在哪里/)
  await settled(page)
  await page.focus('.maplibregl-canvas')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('zhili.draft')).lat !== null)
  await page.goBack()
  await page.goForward()
  await page.click('text=就是这里')
  await page.waitForSelector('#phone')
  await page.click('button >> text=发出')
  await page.waitForURL(/\/r\//)
  await page.waitForSelector('.steps')
  match(await words(page, 'h1'), /\w+-\d+/)
  equal(await page.evaluate(() => JSON.parse(localStorage.getItem('zhili.draft')).words), '')
  await page.goto(`${URL_BASE}/report`)
  equal(await page.locator('.mine li').count(), 1)
  await context.close()
})

test('a photo becomes small, and a file that is none is named with the remedy', async (browser) => {
  const { page, context } = await at(browser, '/report/what', { size: PHONE })
  await page.setInputFiles('input[type=file]', { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') })
  match(await words(page, '.fault'), /letter\.jpg.*JPEG/)
  const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
  await page.setInputFiles('input[type=file]', { name: 'dot.png', mimeType: 'image/png', buffer: dot })
  await page.waitForSelector('.photos img')
  await page.reload()
  await page.waitForSelector('.photos img')
  await context.close()
})

test('what the server refuses is said at its field', async (browser) => {
  const { page, context } = await openPage(browser, { size: PHONE, lang: 'en' })
  await page.route('**/api/v1/signals', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: '', title: 'invalid', status: 422, code: 'invalid', field: 'phone', detail: { zh: '号码不对', en: 'This number has too few digits.' } }) }))
  const { items } = await ask('/api/v1/items')
  await page.addInitScript((it) => localStorage.setItem('zhili.draft', JSON.stringify(it)), { item: items[0].code, itemName: items[0].name, address: 'by the bridge', words: 'x' })
  await page.goto(`${URL_BASE}/report/send`)
  await page.click('button >> text=Send')
  equal(await words(page, '.fault'), 'This number has too few digits.')
  equal(await page.evaluate(() => JSON.parse(localStorage.getItem('zhili.draft')).words), 'x')
  await context.close()
})

test('without a network the page keeps what it has and says so', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  await page.waitForSelector('.now li')
  await context.setOffline(true)
  await page.waitForSelector('.state.slim')
  ok((await page.locator('.now li').count()) > 0)
  match(await words(page, '.state.slim'), /没有网络/)
  await context.close()
})

test('an error can be tried again', async (browser) => {
  const { page, context } = await openPage(browser)
  let broken = true
  await page.route('**/api/v1/cases?**', (route) => (broken ? route.fulfill({ status: 500, body: 'x' }) : route.continue()))
  await page.goto(`${URL_BASE}/cases`)
  await page.waitForSelector('.state')
  broken = false
  await page.click('.state button')
  await page.waitForSelector('ol.list > li')
  await context.close()
})

test('by keyboard alone: skip link, j and k, Enter, settings', async (browser) => {
  const { page, context } = await at(browser, '/cases', {})
  await page.keyboard.press('Tab')
  equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.keyboard.press('Enter')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const chosen = await page.evaluate(() => document.activeElement.closest('[data-no]')?.dataset.no)
  equal(chosen, await page.locator('ol.list > li').first().getAttribute('data-no'))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/cases/${encodeURIComponent(chosen)}`)
  await page.focus('.gear')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.settings')
  await page.focus('.settings .large input')
  await page.keyboard.press('Space')
  await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === '21px')
  await page.keyboard.press('Escape')
  equal(await page.evaluate(() => document.activeElement.className), 'gear')
  await context.close()
})

test('the language is switched in place and kept', async (browser) => {
  const { page, context } = await openPage(browser, {})
  await page.goto(`${URL_BASE}/catalogue`)
  await settled(page)
  await page.click('.lang')
  match(await words(page, 'h1'), /Catalogue/)
  equal(await page.evaluate(() => [document.documentElement.lang, localStorage.getItem('zhili.lang')].join()), 'en,en')
  await context.close()
})
