/** Progress in the taskbar or dock. */
import type { BrowserWindow } from 'electron'
import type { Progress } from './progress.ts'

export function showInTaskbar(window: Pick<BrowserWindow, 'setProgressBar'>, progress: Progress): void {
  if (progress.at === 'nothing') return window.setProgressBar(-1)
  // Above 1: moving, without saying how far.
  if (progress.fraction === undefined) return window.setProgressBar(2, { mode: 'indeterminate' })
  window.setProgressBar(progress.fraction, { mode: progress.at === 'running' ? 'normal' : progress.at === 'paused' ? 'paused' : 'error' })
}
