/** Shortcuts of the keyboard: `g` and a letter goes to a screen, Ctrl and a digit too where the browser leaves it to us, `?` lists them. */
import { useEffect, useRef } from 'react'
import type { Screen, ScreenName } from '../screen.ts'

/** In the order of the menu; the digit is the place. */
export const screenKeys: readonly (readonly [ScreenName, letter: string])[] = [
  ['overview', 'o'],
  ['archives', 'a'],
  ['plan', 'p'],
  ['devices', 'd'],
  ['share', 's'],
  ['transfers', 't'],
  ['verification', 'v'],
  ['evidence', 'e'],
  ['start', 'h'],
  ['settings', 'c'],
  ['diagnostics', 'i'],
]

type Acts = { readonly go: (screen: Screen) => void; readonly list: () => void; readonly help: () => void; readonly pause: () => void }

export function useKeys(acts: Acts): void {
  const latest = useRef(acts)
  useEffect(() => {
    latest.current = acts
  })
  useEffect(() => {
    // No time limit: not everybody is quick.
    let waiting = false
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.altKey && !event.ctrlKey && !event.metaKey && event.key === 'ArrowLeft') {
        event.preventDefault()
        window.history.back()
        return
      }
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && /^[1-9]$/.test(event.key)) {
        const named = screenKeys[Number(event.key) - 1]
        if (named === undefined) return
        event.preventDefault()
        latest.current.go({ at: named[0] })
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') {
        event.preventDefault()
        latest.current.list()
        return
      }
      if (event.key === 'F1') {
        event.preventDefault()
        latest.current.help()
        return
      }
      if (event.key === 'g') {
        waiting = true
        return
      }
      if (!waiting || event.key === 'Shift') return
      waiting = false
      if (event.key === 'x') {
        latest.current.pause()
        return
      }
      const named = screenKeys.find(([, letter]) => letter === event.key)
      if (named === undefined) return
      event.preventDefault()
      latest.current.go({ at: named[0] })
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"]') !== null) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.role === 'combobox'
}
