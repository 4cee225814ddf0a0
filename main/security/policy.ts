/** What a window may do with the world outside: nothing. No permissions, no other pages, no windows, no requests, and links only to hosts of a list. */
import type { HandlerDetails, Session, WebContents } from 'electron'
import { isOurs, isStartPage } from './appScheme.ts'

/** Where help, the AWS console and the carrier are. Opened in the person's own browser, never in a window of ours. */
export const outsideHosts: ReadonlySet<string> = new Set([
  'aws.amazon.com',
  'docs.aws.amazon.com',
  'console.aws.amazon.com',
  'repost.aws',
  'www.ups.com',
])

export function mayOpenOutside(address: string): boolean {
  const url = URL.parse(address)
  return (
    url !== null &&
    url.protocol === 'https:' &&
    outsideHosts.has(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  )
}

/** What our own page may: put text on the clipboard when a button is pressed. Everything else there is, and will be, is refused. */
const permitted: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

function isPermitted(permission: string, main: boolean, address: string): boolean {
  return main && permitted.has(permission) && isOurs(address)
}

type Permissions = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setDisplayMediaRequestHandler'
>

export function denyPermissions(session: Permissions): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(isPermitted(permission, details.isMainFrame, details.requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isPermitted(permission, details.isMainFrame, details.requestingUrl ?? origin),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler(null)
}

/** What the window made itself: text that is offered as a download. */
function isOwnBlob(address: string): boolean {
  return address.startsWith('blob:') && isOurs(address.slice('blob:'.length))
}

/** Requests for anything but our own pages never leave the window, whatever else failed to stop them. */
export function blockForeignRequests(session: Pick<Session, 'webRequest' | 'on'>, onBlocked: () => void): void {
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const own = isOurs(url) || isOwnBlob(url) || url.startsWith('data:image/') || url.startsWith('data:font/')
    if (!own) onBlocked()
    decide({ cancel: !own })
  })
  session.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault()
  })
}

/** Reloading the start page is all the navigation there is. */
export function keepInPlace(contents: WebContents, openOutside: (address: string) => void): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isStartPage(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }: Pick<HandlerDetails, 'url'>) => {
    if (mayOpenOutside(url)) openOutside(url)
    return { action: 'deny' }
  })
}
