/** Path tokens: a screen never sends a path. It gets a token for each place that a person chose or was shown, and gives that back. */
import type { z } from 'zod'
import { pathToken, type ChosenPath } from '../../shared/contract/calls/call.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Random } from '../../shared/ports/world.ts'
import { stringsAt } from './stringsAt.ts'

/** More than four listings of the largest size; the one that was not named for longest goes first. */
export const mostTokens = 10_000

export type PathTokens = {
  /** The same path has the same token as long as it is known. */
  tokenFor(path: string): ChosenPath
  /** @throws Fault place-unknown: never given, or forgotten since. */
  pathOf(token: string): string
  /** Path of every token in an input: only of fields that the call's own schema types as one. @throws Fault place-unknown. */
  pathsIn(schema: z.ZodType, input: unknown): Readonly<Record<string, string>>
}

export function openPathTokens(random: Random): PathTokens {
  const paths = new Map<string, string>()
  const tokens = new Map<string, string>()

  const used = (token: string, path: string): void => {
    paths.delete(token)
    paths.set(token, path)
    if (paths.size <= mostTokens) return
    const [oldest] = paths
    if (oldest === undefined) return
    paths.delete(oldest[0])
    tokens.delete(oldest[1])
  }
  const pathOf = (token: string): string => {
    const path = paths.get(token)
    if (path === undefined) throw new Fault('place-unknown')
    used(token, path)
    return path
  }
  return {
    tokenFor(path) {
      const token = tokens.get(path) ?? `path-${Buffer.from(random.bytes(16)).toString('hex')}`
      tokens.set(path, token)
      used(token, path)
      return { token, label: path }
    },
    pathOf,
    pathsIn(schema, input) {
      return Object.fromEntries([...stringsAt(schema, pathToken, input)].map((token) => [token, pathOf(token)]))
    },
  }
}
