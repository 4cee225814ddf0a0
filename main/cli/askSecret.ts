/** Asks for a secret: at a terminal without showing it, else from the first line of standard input. It is kept nowhere. */
import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { Fault } from '../../shared/faults/fault.ts'

type Input = Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'> & NodeJS.ReadableStream

const mostLength = 200
const enter = new Set(['\r', '\n', '\u0004'])
const erase = new Set(['\u007f', '\b'])
const interrupt = '\u0003'

/** @throws Fault stopped on Ctrl-C; the signal's reason. */
export async function askSecret(
  prompt: string,
  signal: AbortSignal,
  input: Input = process.stdin,
  output: Pick<NodeJS.WritableStream, 'write'> = process.stderr,
): Promise<string> {
  signal.throwIfAborted()
  if (!input.isTTY) return firstLine(input, signal)
  output.write(`${prompt}: `)
  input.setRawMode(true)
  input.resume()
  try {
    return await typed(input, signal)
  } finally {
    input.setRawMode(false)
    input.pause()
    output.write('\n')
  }
}

function typed(input: Input, signal: AbortSignal): Promise<string> {
  return new Promise((done, fail) => {
    let text = ''
    const end = (act: () => void): void => {
      input.off('data', hear)
      signal.removeEventListener('abort', stop)
      act()
    }
    const stop = (): void => end(() => fail(signal.reason))
    const hear = (chunk: Buffer | string): void => {
      for (const char of chunk.toString()) {
        if (char === interrupt) return end(() => fail(new Fault('stopped')))
        if (enter.has(char)) return end(() => done(text.trim()))
        if (erase.has(char)) text = text.slice(0, -1)
        else if (char >= ' ' && text.length < mostLength) text += char
      }
    }
    input.on('data', hear)
    signal.addEventListener('abort', stop, { once: true })
  })
}

async function firstLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input, signal })
  try {
    for await (const line of lines) return line.trim().slice(0, mostLength)
  } finally {
    lines.close()
  }
  return ''
}
