// The browser's own database: what a person wrote here and has not sent yet. It outlives the page and the network.

const NAME = 'zhili'
const VERSION = 2
export type Store = 'photos' | 'outbox'

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const ask = indexedDB.open(NAME, VERSION)
    ask.onupgradeneeded = () => {
      for (const store of ['photos', 'outbox'] satisfies Store[]) if (!ask.result.objectStoreNames.contains(store)) ask.result.createObjectStore(store)
    }
    ask.onsuccess = () => done(ask.result)
    ask.onerror = () => fail(ask.error)
    ask.onblocked = () => fail(new Error('another page holds an older form of the database'))
  })
}

/** One act within one transaction; it is on the disk when the promise holds, else the promise is refused. */
export async function within<T>(store: Store, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await opened()
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = db.transaction(store, mode, { durability: 'strict' })
      const ask = act(transaction.objectStore(store))
      transaction.oncomplete = () => done(ask.result)
      transaction.onabort = () => fail(transaction.error)
      transaction.onerror = () => fail(transaction.error)
    })
  } finally {
    db.close()
  }
}
