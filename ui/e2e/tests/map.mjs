// The map: drawn by the machine of the reader from our own tiles, and a way to each story.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { openPage, settled, URL_BASE } from '../browser.mjs'
import { at, says, test } from '../testing.mjs'

test('the map is really drawn: tiles, names in both scripts, marks', async (browser) => {
  for (const lang of ['zh', 'en']) {
    const { page, context } = await at(browser, '/', { lang })
    await page.waitForFunction(() => window.zhiliMap?.areTilesLoaded() && window.zhiliMap.querySourceFeatures('cases').length > 0)
    // Names appear a moment after their tiles: where they fit is found out in between.
    await page.waitForFunction(() => [['name-street'], ['marks', 'clusters']].every((layers) => window.zhiliMap.queryRenderedFeatures({ layers }).length > 0))
    const seen = await page.evaluate(() => {
      const map = window.zhiliMap
      const drawn = (layer) => map.queryRenderedFeatures({ layers: [layer] })
      return { roads: drawn('road').length, font: map.getStyle().glyphs ?? 'local' }
    })
    ok(seen.roads > 5, JSON.stringify(seen))
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
  await says(page, 'main h1', /\S/)
  await context.close()
})
