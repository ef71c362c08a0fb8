// Devices as staff see them: the list, one device with its charts, a new one, and how data comes in.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { PHONE, settled, URL_BASE } from '../browser.mjs'
import { withDevices } from '../devices.mjs'
import { findings, fits, test, words } from '../testing.mjs'
import { signedIn } from './staff.mjs'

async function open(browser, path, { options, ...made } = {}) {
  const one = await signedIn(browser, 'administrator', options)
  const devices = await withDevices(one.page, made)
  await one.page.goto(URL_BASE + path)
  await settled(one.page, { map: false })
  return { ...one, ...devices }
}

test('devices are counted by state, found by words, and every state has a shape and a word', async (browser) => {
  const { page, context, faults } = await open(browser, '/devices')
  await page.waitForSelector('.devices .row')
  match(await words(page, '.states'), /正常[\s\S]*5[\s\S]*失联[\s\S]*1[\s\S]*故障[\s\S]*1[\s\S]*停用[\s\S]*1[\s\S]*待认领[\s\S]*1/)
  const shapes = await page.locator('.states svg').evaluateAll((list) => list.map((one) => [...one.querySelectorAll('path')].map((path) => `${path.getAttribute('d')} ${getComputedStyle(path).fill !== 'none' && getComputedStyle(path).strokeDasharray}`).join()))
  equal(new Set(shapes).size, 5)
  equal(await page.locator('.devices .row').count(), 6)
  await page.waitForSelector('.side .map[aria-label*="9"]') // all of them, not only the listed
  await page.click('button.more')
  await page.locator('.devices .row').nth(8).waitFor()
  deepEqual(await findings(page), [])
  await page.click('.states a >> text=故障')
  await page.waitForURL(/state=fault/)
  await page.waitForFunction(() => document.querySelectorAll('.devices .row').length === 1)
  match(await words(page, '.devices .row'), /3 号下穿通道[\s\S]*告警：危急/)
  await page.click('form.filters > .el-button')
  await page.fill('.filters input', 'WG-0002')
  await page.waitForURL(/q=WG-0002/)
  await page.waitForFunction(() => document.querySelectorAll('.devices .row').length === 1)
  deepEqual(faults, [])
  await context.close()
})

test('where there are no devices yet, the page says how the first is registered', async (browser) => {
  const { page, context } = await open(browser, '/devices', { empty: true })
  await page.waitForSelector('.middle .state')
  match(await words(page, '.middle .state'), /还没有设备[\s\S]*令牌/)
  await page.click('.middle .state a')
  await page.waitForURL('**/devices/new')
  await context.close()
})

test('without network the list says so', async (browser) => {
  const { page, context } = await open(browser, '/devices', { offline: true })
  await page.waitForSelector('.middle .state[role=alert]')
  match(await words(page, '.middle .state'), /没有网络/)
  await context.close()
})

test('a chart goes from a year down to a second by buttons, keys, wheel and drag, and asks for each span anew', async (browser) => {
  const { page, context, asked, faults } = await open(browser, '/devices/3')
  await page.waitForSelector('.series .line[d^=M]')
  match(await words(page, 'main'), /故障[\s\S]*卡住[\s\S]*水位[\s\S]*12\.5 cm[\s\S]*长时间不变[\s\S]*水泵[\s\S]*是/)
  equal(await page.locator('.series').count(), 1)
  deepEqual(await findings(page), [])
  const heard = () => asked.filter((one) => one === '/devices/3').length
  const first = heard()
  for (let i = 0; i < 200 && heard() === first; i += 1) await page.waitForTimeout(50)
  ok(heard() > first, 'its values are asked for again within seconds, though nothing happened in the city')
  const span = () => { const last = asked.filter((one) => one.includes('/series')).at(-1); const of = (key) => Date.parse(new URLSearchParams(last.split('?')[1]).get(key)); return { from: of('from'), to: of('to'), wide: of('to') - of('from') } }
  const until = async (fits) => { for (let i = 0; i < 100 && !fits(span()); i += 1) await page.waitForTimeout(50); ok(fits(span()), JSON.stringify(span())) }
  const near = (ms) => ({ wide }) => Math.abs(wide / ms - 1) < 0.05
  await page.click('.tools >> text=年')
  await until(near(366 * 86_400_000))
  await page.click('.tools >> text=分')
  await until(near(60_000))
  await page.focus('.series .frame')
  for (let i = 0; i < 8; i += 1) await page.keyboard.press('+')
  await until(({ wide }) => wide === 1000)
  match(await page.locator('.series svg').first().textContent(), /:\d\d\.\d{3}/)
  await page.keyboard.press('ArrowLeft')
  const end = span().to
  await until(({ to }) => to < end)
  await page.keyboard.press('End')
  await page.click('.tools >> text=日')
  await until(near(86_400_000))
  const before = span()
  const box = await page.locator('.series .frame').boundingBox()
  await page.mouse.move(box.x + box.width / 2, box.y + 80)
  await page.mouse.click(box.x + box.width / 2, box.y + 80) // the wheel is the page's until the chart is chosen
  await page.mouse.wheel(0, -200)
  await until(({ wide }) => wide < before.wide * 0.7)
  const there = span()
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2 + 200, box.y + 80, { steps: 4 })
  await page.mouse.up()
  await until(({ from }) => from < there.from)
  await page.click('.series summary')
  await page.locator('.series tbody tr').nth(20).waitFor()
  deepEqual(await findings(page), [])
  deepEqual(faults, [])
  await context.close()
})

test('a credential is shown once with a line that can be pasted, and a command is sent with its parameters', async (browser) => {
  const { page, context, sent, faults } = await open(browser, '/devices/2')
  await page.click('text=发一个新凭证')
  await page.waitForSelector('.shown .secret')
  match(await words(page, '.shown pre'), /curl -X POST .*\/ingest\/v1\/lines .*Bearer zd_7f3k9s2m1x/)
  deepEqual(await findings(page), [])
  await page.click('text=我已经保存')
  await page.waitForSelector('.shown', { state: 'detached' })
  await page.click('[aria-label=命令], .el-select >> nth=0')
  await page.click('.el-select-dropdown__item >> text=起杆')
  await page.fill('#parameter-minutes', '15')
  await page.click('text=下达：起杆')
  await page.waitForSelector('#parameter-minutes', { state: 'detached' })
  deepEqual(sent.map((one) => [one.path, one.body]), [['/devices/2/credentials', { kind: 'token', beside: false }], ['/devices/2/commands', { command: 'raise', parameters: { minutes: 15 } }]])
  deepEqual(faults, [])
  await context.close()
})

test('a device is registered by coordinates; what is missing is said first', async (browser) => {
  const { page, context, sent, faults } = await open(browser, '/devices/new')
  await page.click('form button[type=submit]')
  await page.waitForSelector('.form .fault')
  equal(await page.locator('.form .fault').count(), 3)
  await page.click('[aria-label=设备类型]')
  await page.click('.el-select-dropdown__item >> text=电子水尺')
  await page.fill('#device-serial', 'WG-1000')
  await page.click('.el-segmented >> text=写坐标')
  await page.fill('#device-lat', '31.2304')
  await page.fill('#device-lon', '121.4737')
  deepEqual(await findings(page), [])
  await page.click('form button[type=submit]')
  await page.waitForSelector('.shown .secret')
  deepEqual(sent[0].body, { type: 'water-gauge', serial: 'WG-1000', lat: 31.2304, lon: 121.4737, datum: 'wgs84' })
  deepEqual(faults, [])
  await context.close()
})

test('a file of devices is looked at line by line before it is taken in', async (browser) => {
  const { page, context, sent } = await open(browser, '/devices/new')
  await page.setInputFiles('#device-file', { name: 'd.csv', mimeType: 'text/csv', buffer: Buffer.from('type,serial,lat,lon\nwater-gauge,A1,31,121\nwater-guage,A2,31,121\nwater-gauge,A3,31,121\n') })
  await page.waitForSelector('.wrong li')
  match(await words(page, '.wrong'), /第 3 行[\s\S]*water-guage,A2[\s\S]*没有类型/)
  deepEqual(await findings(page), [])
  await page.click('text=登记这 2 台')
  await page.waitForSelector('text=下载结果文件')
  equal(sent.length, 2)
  match(sent[1].body, /good_lines/)
  await context.close()
})

test('the intake tells its rate, its sources and its quarantine, of which one is released', async (browser) => {
  const { page, context, sent, faults } = await open(browser, '/ingest')
  await page.waitForSelector('.held > li')
  match(await words(page, 'main'), /211 条\/秒[\s\S]*2\.4 秒[\s\S]*没有连上[\s\S]*JSON 行[\s\S]*128,400[\s\S]*时间在未来/)
  deepEqual(await findings(page), [])
  equal(await page.locator('.held > li').nth(1).locator('button').count(), 1) // a message that cannot be read can only be dropped
  await page.locator('.held > li').first().getByText('按收到的时间放行').click()
  await page.waitForFunction(() => document.querySelectorAll('.held > li').length === 1)
  deepEqual(sent, [{ method: 'POST', path: '/ingest/quarantine/2/commands', body: { command: 'release_at_arrival' } }])
  deepEqual(faults, [])
  await context.close()
})

for (const [path, ready] of [['/devices', '.devices .row'], ['/devices/3', '.series .line[d^=M]'], ['/devices/new', '#device-serial'], ['/ingest', '.held > li']])
  test(`on a telephone, in English and in the dark, ${path} fits and passes axe`, async (browser) => {
    const { page, context, faults } = await open(browser, path, { options: { size: PHONE, lang: 'en', theme: 'dark' } })
    await page.waitForSelector(ready)
    ok(await fits(page))
    deepEqual(await findings(page), [])
    deepEqual(faults, [])
    await context.close()
  })

test('two fingers on a telephone stretch a chart', async (browser) => {
  const { page, context, asked } = await open(browser, '/devices/3', { options: { size: PHONE } })
  await page.waitForSelector('.series .line[d^=M]')
  await page.locator('.series .frame').scrollIntoViewIfNeeded()
  const box = await page.locator('.series .frame').boundingBox()
  const touch = await context.newCDPSession(page)
  const fingers = (apart) => [-1, 1].map((side, id) => ({ x: box.x + 200 + side * apart, y: box.y + 60, id }))
  const series = asked.length
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) })
  for (const apart of [45, 60, 75, 90]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  const wide = () => { const of = new URLSearchParams(asked.filter((one) => one.includes('/series')).at(-1).split('?')[1]); return Date.parse(of.get('to')) - Date.parse(of.get('from')) }
  for (let i = 0; i < 100 && !(asked.length > series && wide() < 60_000_000); i += 1) await page.waitForTimeout(50)
  ok(wide() < 60_000_000, String(wide()))
  await context.close()
})
