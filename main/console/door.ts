/** The door of a running console: a socket in its home that only its owner may knock at, and that gives another link. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { platform } from 'node:os'
import { join } from 'node:path'

const answerWithin = 5000
const longestAnswer = 4096
/** Unix keeps the whole path in a small field. */
const longestPath = 100

/** A pipe of Windows would answer anybody on the machine: there is no door there. */
function doorOf(home: string): string | undefined {
  const path = join(home, 'console', 'door')
  return platform() === 'win32' || Buffer.byteLength(path) > longestPath ? undefined : path
}

/** A link of the console that runs with this home; `undefined`: none runs, or it has no door. */
export function knock(home: string): Promise<string | undefined> {
  const path = doorOf(home)
  if (path === undefined) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    let text = ''
    const socket: Socket = connect(path)
    const end = (link: string | undefined): void => {
      socket.destroy()
      resolve(link)
    }
    socket.setTimeout(answerWithin, () => end(undefined))
    socket.on('error', () => end(undefined))
    socket.on('data', (part: Buffer) => {
      text += part.toString('utf8')
      if (text.length > longestAnswer) end(undefined)
    })
    socket.on('end', () => end(/^https?:\/\/\S+$/.test(text) ? text : undefined))
  })
}

/** `undefined` where there can be none; links then come from the terminal that the console was started in. */
export async function openDoor(home: string, newLink: () => string): Promise<{ close(): Promise<void> } | undefined> {
  const path = doorOf(home)
  if (path === undefined) return undefined
  try {
    await mkdir(join(home, 'console'), { recursive: true, mode: 0o700 })
    // The folder keeps others out while the socket itself is still being made.
    await chmod(join(home, 'console'), 0o700)
    // Left by a console that was killed: whoever opens a door has knocked before.
    await rm(path, { force: true })
    const server = await listen(path, newLink)
    await chmod(path, 0o600)
    return { close: () => new Promise((done) => server.close(() => done())) }
  } catch {
    return undefined
  }
}

function listen(path: string, newLink: () => string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.setTimeout(answerWithin, () => socket.destroy())
    socket.end(newLink())
  })
  server.maxConnections = 4
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve(server))
  })
}
