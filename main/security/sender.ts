/** Who may speak over the bridge: the main frame of our own window, showing a page of our own scheme. Nobody else, and nobody who has left. */
import { isOurs } from './appScheme.ts'

/** What of a WebFrameMain decides. */
export type Frame = { readonly url: string; readonly parent: object | null; readonly detached: boolean }
export type Sent = { readonly sender: object; readonly senderFrame: Frame | null }

/** A frame that navigated or closed after it sent is null or detached. */
export function isTrusted(sent: Sent, window: object): boolean {
  const { senderFrame } = sent
  return sent.sender === window && senderFrame !== null && !senderFrame.detached && senderFrame.parent === null && isOurs(senderFrame.url)
}
