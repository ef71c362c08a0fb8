import { describe, expect, it, vi } from 'vitest'
import { eventsOf } from './events'

class FakeSource {
  readyState = 1
  closed = false
  private listeners = new Map<string, (event: unknown) => void>()
  addEventListener(name: string, listener: unknown) { this.listeners.set(name, listener as (event: unknown) => void) }
  close() { this.closed = true; this.readyState = 2 }
  fire(name: string, data?: object) { this.listeners.get(name)?.({ data: JSON.stringify(data) }) }
}

function scene() {
  const sources: FakeSource[] = []
  let seen = () => {}
  const page = { hidden: false, addEventListener: (_: string, listener: unknown) => { seen = listener as () => void } }
  const events = eventsOf(() => { sources.push(new FakeSource()); return sources[sources.length - 1] as never }, page as never)
  return { events, sources, hide: (hidden: boolean) => { page.hidden = hidden; seen() } }
}

const event = (seq: number) => ({ seq, at: '', kind: 'case.closed', item: '', area: '' })

describe('events', () => {
  it('come by one stream to all who listen, each once', () => {
    const { events, sources } = scene()
    const first: unknown[] = []
    const second: unknown[] = []
    events.listen((happened) => first.push(happened?.seq))
    events.listen((happened) => second.push(happened?.seq))
    expect(sources).toHaveLength(1)
    sources[0].fire('message', event(7))
    sources[0].fire('message', event(7))
    sources[0].fire('message', event(8))
    expect(first).toEqual([7, 8])
    expect(second).toEqual([7, 8])
  })

  it('say when something may have been missed', () => {
    const { events, sources } = scene()
    const told: unknown[] = []
    events.listen((happened) => told.push(happened))
    expect(events.connected.value).toBe(false)
    sources[0].fire('open')
    sources[0].fire('reset')
    expect(events.connected.value).toBe(true)
    expect(told).toEqual([null, null])
  })

  it('are let go while the page is out of sight, and when nobody listens', () => {
    const { events, sources, hide } = scene()
    const stop = events.listen(() => {})
    hide(true)
    expect(sources[0].closed).toBe(true)
    hide(false)
    expect(sources).toHaveLength(2)
    stop()
    expect(sources[1].closed).toBe(true)
  })

  it('are tried again by us only when the server refused', () => {
    vi.useFakeTimers()
    const { events, sources } = scene()
    events.listen(() => {})
    sources[0].readyState = 0
    sources[0].fire('error')
    vi.advanceTimersByTime(120_000)
    expect(sources).toHaveLength(1) // the browser does it
    sources[0].readyState = 2
    sources[0].fire('error')
    expect(events.connected.value).toBe(false)
    vi.advanceTimersByTime(60_000)
    expect(sources).toHaveLength(2)
    vi.useRealTimers()
  })
})
