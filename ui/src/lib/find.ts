// Finding an item by words when the server cannot be asked: its search is better, this one needs no network.
import type { Item } from '../api/types'

/** Items whose own words stand in the text, or whose name has it; those that share most of it first. */
export function itemsLike(items: Item[], text: string): Item[] {
  const asked = text.trim().toLowerCase()
  if (!asked) return []
  const scored = items.map((it) => {
    const own = [it.name.zh, it.name.en, ...(Array.isArray(it.words) ? it.words : [])].map((word) => word.toLowerCase())
    const shared = own.filter((word) => asked.includes(word)).reduce((sum, word) => sum + word.length, 0)
    return { it, score: shared || (own.some((word) => word.includes(asked)) ? 1 : 0) }
  })
  return scored.filter((one) => one.score > 0).sort((a, b) => b.score - a.score).map((one) => one.it)
}
