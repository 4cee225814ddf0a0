/** Faults of the frame's own buttons, shown in the flash bar until somebody has read them. */
import { useCallback, useMemo, useState } from 'react'
import type { Fault } from '../../shared/faults/fault.ts'

export type Trouble = { readonly id: number; readonly fault: Fault }
export type Troubles = {
  readonly all: readonly Trouble[]
  readonly add: (fault: Fault) => void
  readonly remove: (id: number) => void
}

const most = 5

export function useTroubles(): Troubles {
  const [all, setAll] = useState<readonly Trouble[]>([])
  const add = useCallback((fault: Fault) => {
    setAll((before) => [...before, { id: (before.at(-1)?.id ?? 0) + 1, fault }].slice(-most))
  }, [])
  const remove = useCallback((id: number) => setAll((before) => before.filter((one) => one.id !== id)), [])
  return useMemo(() => ({ all, add, remove }), [all, add, remove])
}
