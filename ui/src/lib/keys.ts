// j and k walk through a list, but never while somebody types or holds a modifier.

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>

/** The place to go to, or null when the key means nothing here. */
export function listKey(press: Press, at: number, count: number): number | null {
  if (!count || press.ctrlKey || press.metaKey || press.altKey) return null
  const where = press.target as { closest?: (selector: string) => unknown } | null
  if (where?.closest?.('input, textarea, select, [contenteditable], [role="combobox"], .maplibregl-canvas')) return null
  if (press.key === 'j') return Math.min(count - 1, at + 1)
  if (press.key === 'k') return Math.max(0, at < 0 ? 0 : at - 1)
  return null
}
