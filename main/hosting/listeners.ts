/** Those who want to be told of something. */

export type Listeners<Value> = { add(tell: (value: Value) => void): () => void; tell(value: Value): void }

export function listeners<Value>(): Listeners<Value> {
  const all = new Set<(value: Value) => void>()
  return {
    add(tell) {
      const own = (value: Value): void => tell(value)
      all.add(own)
      return () => void all.delete(own)
    },
    tell(value) {
      for (const one of all) one(value)
    },
  }
}
