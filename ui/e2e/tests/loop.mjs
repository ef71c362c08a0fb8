// One matter through everybody's hands, in a city of its own whose simulated people are too slow to interfere.
import { spawn } from 'node:child_process'
import { equal, match, ok } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PHONE, settled, WAIT_MS } from '../browser.mjs'
import { at, findings, fits, says, test } from '../testing.mjs'

const ROOT = new URL('../../..', import.meta.url).pathname
const PROGRAM = process.env.ZHILI_PROGRAM ?? join(ROOT, 'build/release/zhili')
const PICTURE = join(ROOT, 'ui/public/icon-192.png')
const PASSWORD = 'three wet boots'

const freePort = () => new Promise((done) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)) }) })

async function ownCity() {
  const folder = await mkdtemp(join(tmpdir(), 'zhili-loop-'))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const program = spawn(PROGRAM, ['demo', '--days', '0', '--speed', '0.1', '--data', join(folder, 'data'), '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((open, refused) => {
    program.stdout.on('data', (said) => String(said).includes('http://') && open())
    program.on('exit', () => refused(new Error('the city did not open')))
  })
  const ask = async (path) => (await fetch(base + path)).json()
  const close = async () => { program.removeAllListeners('exit'); program.kill('SIGTERM'); await new Promise((gone) => program.on('exit', gone)); await rm(folder, { recursive: true, force: true }) }
  return { base, ask, close }
}

/** Somebody at work: a page on which they are signed in. */
async function somebody(browser, city, login, password) {
  const one = await at(browser, '/sign-in', { base: city.base })
  await one.page.fill('#login', login)
  await one.page.fill('#password', password ?? (await city.ask('/api/v1/city')).demo.password)
  await one.page.keyboard.press('Enter')
  return { ...one, base: city.base }
}

/** Made and appointed by the administrator; chooses a password at the first sign-in. */
async function hired(browser, city, admin, login, post) {
  const made = await admin.page.evaluate(async ([name, which]) => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    const send = async (path, body) => (await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) })).json()
    const account = await send('/api/v1/accounts', { login: name })
    await send('/api/v1/appointments', { login: name, post: which })
    return account
  }, [login, post])
  const one = await somebody(browser, city, login, made.one_time_password)
  await one.page.waitForSelector('#fresh')
  await one.page.fill('#fresh', PASSWORD)
  await one.page.fill('#again', PASSWORD)
  await one.page.keyboard.press('Enter')
  await one.page.waitForURL('**/inbox')
  return one
}

/** Takes a step as a person would: opens the page, presses the button, answers what is asked. */
async function step({ page, base }, path, verb, reason = '按规定办理', choice = '') {
  await page.goto(base + path)
  const button = page.locator('.next-steps .buttons button').filter({ hasText: new RegExp(`^\\s*${verb}\\s*$`) })
  await button.first().click()
  const form = page.locator('.next-steps form').first()
  await form.waitFor()
  for (const slot of await form.locator('input[type=file]').all()) { await slot.setInputFiles(PICTURE) }
  for (const field of await form.locator('textarea').all()) if (!(await field.inputValue())) await field.fill(reason)
  for (const box of await form.locator('.check input[type=checkbox]').all()) await box.check()
  if (choice) await form.getByLabel(choice, { exact: true }).check()
  for (const group of await form.locator('fieldset').all()) if (!(await group.locator('input:checked').count())) await group.locator('input').first().check()
  await form.locator('button[type=submit]').click()
  await form.waitFor({ state: 'detached' })
}

async function reported(browser, city, { hidden = false } = {}) {
  const { page, context } = await at(browser, '/report', { base: city.base, size: PHONE })
  await page.click('text=写一句话')
  await page.fill('#words', '路灯不亮，晚上很黑')
  await page.click('text=下一步')
  await page.click('.kind >> nth=0')
  await page.click('text=下一步')
  if (await page.locator('h1 >> text=再问一两句').count()) { await page.click('.choice >> nth=0'); await page.click('text=下一步') }
  await page.waitForSelector('.pin')
  await settled(page)
  await page.focus('.maplibregl-canvas')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('zhili.draft')).lat !== null)
  await page.click('text=就是这里')
  await page.waitForSelector('#phone')
  if (hidden) await page.check('#hidden')
  await page.click('button >> text=发出')
  await page.waitForURL(/\/r\//)
  return { page, context, base: city.base, token: page.url().split('/').pop() }
}

/**
 * The figures of a department in a period, once they are there: they follow the ledger, and the page shows how far they are. As a person would, it is
 * opened again until the department has its row.
 */
async function figuresOf({ page, base }, department, period, indicator) {
  const row = page.locator('table tbody tr:not(.total)').filter({ has: page.locator('th', { hasText: department.name.zh }) })
  for (const until = Date.now() + WAIT_MS; Date.now() < until; ) {
    await page.goto(`${base}/evaluation?by=department&period=${period}&indicator=${indicator}`)
    await page.waitForSelector('.cards a')
    await settled(page)
    if (await row.count()) break
  }
  return row
}

test('one matter goes the whole way: report, check, register, dispatch, return, rework, close, rate, appeal, and the figure that counts it', async (browser) => {
  const city = await ownCity()
  try {
    const reporter = await reported(browser, city)
    const receipt = () => city.ask(`/api/v1/signals/${reporter.token}`)
    const { no } = await receipt()
    const [acceptor, collector, dispatcher, verifier, admin, evaluator] = await Promise.all(
      ['acceptor', 'collector', 'dispatcher', 'verifier', 'administrator', 'evaluator'].map((login) => somebody(browser, city, login)))
    await Promise.all([acceptor, collector, dispatcher, verifier, admin, evaluator].map(({ page }) => page.waitForURL('**/inbox')))

    await acceptor.page.goto(`${city.base}/inbox/${no}`)
    await acceptor.page.waitForSelector('.next-steps .buttons button')
    if (await acceptor.page.locator('.next-steps .buttons button >> text=要求核实').count()) {
      await step(acceptor, `/inbox/${no}`, '要求核实')
      await step(collector, `/inbox/${no}`, '核实')
    }
    await step(acceptor, `/inbox/${no}`, '立案')
    const { case_no } = await receipt()
    const file = `/cases/${case_no}`
    const stage = async () => (await city.ask(`/api/v1${file}`)).stage

    await step(dispatcher, file, '派遣')
    const { department } = await city.ask(`/api/v1${file}`)
    const handler = await hired(browser, city, admin, 'cai', `${department.code}-desk`)
    await step(handler, file, '回退', '不在我们的路段')
    equal(await stage(), 'registered')
    await step(dispatcher, file, '派遣')
    await step(handler, file, '接单')
    await step(handler, file, '反馈')
    await step(dispatcher, file, '发起核查')
    await step(verifier, file, '核查不通过（返工）', '灯还是不亮')
    equal(await stage(), 'handling')
    await step(handler, file, '反馈')
    await step(dispatcher, file, '发起核查')
    await step(verifier, file, '核查通过')
    await step(acceptor, file, '结案')
    equal(await stage(), 'closed')

    await step(reporter, `/r/${reporter.token}`, '评价')
    await says(reporter.page, 'main', /已结案|结案/)
    await step(handler, file, '申诉', '灯修好了，核查的是隔壁那盏')
    await step(evaluator, file, '裁定申诉', '照片上就是这一盏', '申诉不成立')
    const { story, due_at } = await city.ask(`/api/v1${file}`)
    for (const kind of ['case.returned', 'case.reworked', 'case.verified', 'case.closed', 'case.rated', 'case.appeal_decided']) ok(story.some((entry) => entry.kind === kind), kind)

    // The evaluator reads down from a department's figure to this very case. It is the only one in this city, and it was sent back to work once.
    const figures = await figuresOf(evaluator, department, due_at.slice(0, 4), 'rework_times')
    equal(await figures.locator('td:nth-child(3)').innerText(), '1')
    await figures.locator('td:nth-child(3) a').click()
    await evaluator.page.waitForURL('**/evaluation/cases?**')
    await evaluator.page.waitForSelector('.list .row')
    await says(evaluator.page, '.number', '1')
    equal((await findings(evaluator.page)).join(), '')
    await evaluator.page.locator('.list .row').filter({ hasText: case_no }).click()
    await evaluator.page.waitForURL(`**${file}`)
    await settled(evaluator.page)
    await says(evaluator.page, 'main', /返工[\s\S]*申诉/)
    for (const person of [acceptor, collector, dispatcher, verifier, admin, evaluator, handler, reporter]) {
      equal(person.faults?.length ?? 0, 0, String(person.faults))
      await person.context.close()
    }
  } finally { await city.close() }
})

test('two that wait are registered together, and both who reported hear of it', async (browser) => {
  const city = await ownCity()
  try {
    const reporters = [await reported(browser, city), await reported(browser, city)]
    const receipts = () => Promise.all(reporters.map(({ token }) => city.ask(`/api/v1/signals/${token}`)))
    const [{ no }, other] = await receipts()
    const [acceptor, collector] = await Promise.all(['acceptor', 'collector'].map((login) => somebody(browser, city, login)))
    await Promise.all([acceptor, collector].map(({ page }) => page.waitForURL('**/inbox')))
    const { page } = acceptor
    await page.goto(`${city.base}/inbox/${no}`)
    await page.waitForSelector('.next-steps .buttons button')
    if (await page.locator('.next-steps .buttons button >> text=要求核实').count()) {
      await step(acceptor, `/inbox/${no}`, '要求核实')
      await step(collector, `/inbox/${no}`, '核实')
      await page.goto(`${city.base}/inbox/${no}`)
    }
    await page.waitForSelector('.follow input')
    await page.check('.follow input')
    await says(page, '.next-steps', new RegExp(`立案时一并并入：${other.no}`))
    equal((await findings(page)).join(), '')
    await page.locator('.next-steps .buttons button').filter({ hasText: /^\s*立案\s*$/ }).click()
    const form = page.locator('.next-steps form')
    for (const group of await form.locator('fieldset').all()) if (!(await group.locator('input:checked').count())) await group.locator('input').first().check()
    await form.locator('button[type=submit]').click()
    await form.waitFor({ state: 'detached' })
    const [first, second] = await receipts()
    equal(first.state, 'registered')
    equal(second.case_no, first.case_no)
    match(JSON.stringify(second.story), /合在一起办/)
    for (const one of [...reporters, acceptor, collector]) await one.context.close()
  } finally { await city.close() }
})

test('what is kept back is chosen part by part, and a photo is painted over', async (browser) => {
  const city = await ownCity()
  try {
    const reporter = await reported(browser, city)
    const { no } = await city.ask(`/api/v1/signals/${reporter.token}`)
    const acceptor = await somebody(browser, city, 'acceptor')
    await acceptor.page.waitForURL('**/inbox')
    await acceptor.page.goto(`${city.base}/inbox/${no}`)
    await acceptor.page.click('.next-steps button >> text=公开')
    await acceptor.page.waitForSelector('.parts')
    equal((await findings(acceptor.page)).join(), '')
    await acceptor.page.click('.parts label >> text=不公开文字')
    await acceptor.page.click('.next-steps form button[type=submit]')
    await says(acceptor.page, '.next-steps', /需要有不公开的内容时的理由|还缺/)
    await acceptor.page.fill('#ask-reason', '文字里有姓名')
    await acceptor.page.click('.next-steps form button[type=submit]')
    await acceptor.page.locator('.next-steps form').waitFor({ state: 'detached' })
    await step(reporter, `/r/${reporter.token}`, '对未公开的内容申诉', '那是我自己的名字')
    await says(reporter.page, 'main', /您对没有公开的内容提出了申诉/)
    await reporter.context.close()
    await acceptor.context.close()
  } finally { await city.close() }
})

test('what a reporter keeps private is found by those on duty and by nobody else, and that they were reached is noted', async (browser) => {
  const city = await ownCity()
  try {
    const reporter = await reported(browser, city, { hidden: true })
    const { no } = await city.ask(`/api/v1/signals/${reporter.token}`)
    const [acceptor, collector, dispatcher, admin] = await Promise.all(['acceptor', 'collector', 'dispatcher', 'administrator'].map((login) => somebody(browser, city, login)))
    await Promise.all([acceptor, collector, dispatcher, admin].map(({ page }) => page.waitForURL('**/inbox')))
    await step(acceptor, `/inbox/${no}`, '要求核实')
    await step(collector, `/inbox/${no}`, '核实')
    await step(acceptor, `/inbox/${no}`, '立案')
    const file = `/cases/${(await city.ask(`/api/v1/signals/${reporter.token}`)).case_no}`

    const stranger = await at(browser, file, { base: city.base })
    await stranger.page.waitForSelector('main .state')
    equal(await stranger.page.locator('.no').count(), 0)
    await stranger.page.goto(`${city.base}/cases`)
    await settled(stranger.page)
    equal(await stranger.page.locator('.list li').count(), 0)

    await dispatcher.page.goto(city.base + file)
    await dispatcher.page.waitForSelector('.no .tag')
    await says(dispatcher.page, 'main', /不公开/)
    equal((await findings(dispatcher.page)).join(), '')
    await step(dispatcher, file, '派遣')
    const department = await dispatcher.page.evaluate(async (path) => (await (await fetch(`/api/v1${path}`)).json()).department, file)
    const handler = await hired(browser, city, admin, 'cai', `${department.code}-desk`)
    await step(handler, file, '接单')
    await handler.page.click('.contact button >> text=没联系上')
    await handler.page.waitForSelector('.contact [role=status]')
    await handler.page.click('.contact button >> nth=0')
    await handler.page.waitForFunction(() => /联系上了/.test(document.querySelector('.contact > p')?.textContent ?? ''))
    equal((await findings(handler.page)).join(), '')
    ok(await fits(handler.page))
    for (const { context } of [reporter, acceptor, collector, dispatcher, admin, handler, stranger]) await context.close()
  } finally { await city.close() }
})
