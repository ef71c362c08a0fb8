// What happens in the city, as it happens: one stream for the page, shared by all views of it. It is open only while the page
// is in sight, for a browser opens few connections to one server. Where it cannot be had, views ask again and again as before.

import { ref, type Ref } from 'vue'

export interface Happened { seq: number; at: string; kind: string; case?: string; signal?: string; item: string; area: string; department?: string }

/** null: something may have been missed, so everything is to be looked at again. */
type Listener = (happened: Happened | null) => void

export interface Events {
  /** Whether events come now. */
  connected: Readonly<Ref<boolean>>
  /** Gives a function that ends it. */
  listen: (listener: Listener) => () => void
}

type Source = Pick<EventSource, 'close' | 'addEventListener' | 'readyState'>

/** How long after the server refused us we ask again. */
const REFUSED_WAIT_MS = 60_000
const CLOSED = 2

export function eventsOf(open: () => Source, page: Pick<Document, 'hidden' | 'addEventListener'>): Events {
  const connected = ref(false)
  const listeners = new Set<Listener>()
  let source: Source | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let last = 0

  const tell = (happened: Happened | null) => listeners.forEach((listener) => listener(happened))

  function begin() {
    clearTimeout(again)
    if (source || page.hidden || listeners.size === 0) return
    const mine = (source = open())
    mine.addEventListener('open', () => {
      if (mine !== source) return
      connected.value = true
      tell(null)
    })
    mine.addEventListener('error', () => {
      if (mine !== source) return
      connected.value = false
      if (mine.readyState !== CLOSED) return // the browser comes back by itself, and says where it was
      end()
      again = setTimeout(begin, REFUSED_WAIT_MS)
    })
    mine.addEventListener('reset', () => mine === source && tell(null))
    mine.addEventListener('message', (message) => {
      if (mine !== source) return
      const happened = JSON.parse((message as MessageEvent<string>).data) as Happened
      if (happened.seq <= last) return
      last = happened.seq
      tell(happened)
    })
  }

  function end() {
    clearTimeout(again)
    source?.close()
    source = undefined
    connected.value = false
  }

  page.addEventListener('visibilitychange', () => (page.hidden ? end() : begin()))
  return {
    connected,
    listen(listener) {
      listeners.add(listener)
      begin()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) end()
      }
    },
  }
}
