/** The way out: closing the window, quitting, and the question in between that says what is in flight. */
import type { MessageBoxOptions } from 'electron'
import type { Language, Settings } from '../../shared/contract/settings.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { workLines } from './progress.ts'
import type { DesktopWords } from './words.ts'

export type Closing = {
  readonly quitting: boolean
  readonly busy: boolean
  readonly onClose: Settings['onClose']
  readonly platform: NodeJS.Platform
}

/** What closing the window means. On macOS an application without a window stays in the dock. */
export function whenClosed({ quitting, busy, onClose, platform }: Closing): 'close' | 'hide' | 'quit' {
  if (quitting) return 'close'
  return onClose === 'go-on' && (busy || platform === 'darwin') ? 'hide' : 'quit'
}

const answers = ['stay', 'go-on', 'stop'] as const
export type QuitAnswer = (typeof answers)[number]

/** Escape and Return both keep working: losing hours by a slip of the hand is worse than asking twice. */
export function quitQuestion(snapshot: Snapshot | undefined, words: DesktopWords, language: Language): MessageBoxOptions {
  return {
    type: 'question',
    title: words.quitTitle,
    message: words.quitQuestion,
    detail: words.quitDetail(workLines(snapshot, words, language).join('\n')),
    buttons: [words.stay, words.goOn, words.stop],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
}

export function answerOf(button: number): QuitAnswer {
  return answers[button] ?? 'stay'
}

export type QuitGate = {
  /** The last word was said: whatever closes now may close. */
  quitting(): boolean
  /** Asks where work is in flight, stops cleanly, quits. Asking again while it asks or stops is the same request. */
  request(): Promise<void>
  /** Without a question: the system shuts down, or a signal came. */
  now(): Promise<void>
  /** As now, but somebody else ends the application: the installer of an update. */
  prepare(): Promise<void>
}

export type QuitParts = {
  readonly busy: () => boolean
  readonly ask: () => Promise<QuitAnswer>
  /** Hides the window; work goes on. */
  readonly goOn: () => void
  /** Stops engine and wallboard. Bounded by whoever supervises them. */
  readonly end: () => Promise<void>
  readonly quit: () => void
}

export function openQuitGate({ busy, ask, goOn, end, quit }: QuitParts): QuitGate {
  let over = false
  let ending: Promise<void> | undefined
  let asking: Promise<void> | undefined
  const prepare = (): Promise<void> => {
    ending ??= end().finally(() => {
      over = true
    })
    return ending
  }
  // Whatever went wrong while stopping: the journal has the truth, and the person wants out.
  const now = (): Promise<void> => prepare().then(quit, quit)
  const go = async (): Promise<void> => {
    const answer = busy() ? await ask() : 'stop'
    if (answer === 'go-on') goOn()
    if (answer === 'stop') await now()
  }
  return {
    quitting: () => over,
    request() {
      asking ??= go().finally(() => {
        asking = undefined
      })
      return asking
    },
    now,
    prepare,
  }
}
