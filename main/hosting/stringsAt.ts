/** Finds, in an input, the strings that stand where a schema has one certain part. By the schema's own shape, so that no call can be forgotten. */
import type { z } from 'zod'

/** Contracts are no deeper; a schema that contains itself ends here. */
const deepest = 12

export function stringsAt(schema: z.ZodType, part: z.ZodType, value: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  look(schema as unknown as Schema, value, 0)
  return found

  function look(here: Schema, at: unknown, depth: number): void {
    if (at === undefined || at === null || depth > deepest) return
    if ((here as unknown) === part) {
      if (typeof at === 'string') found.add(at)
      return
    }
    for (const [below, value] of parts(here, at)) look(below, value, depth + 1)
  }
}

type Schema = z.core.$ZodTypes
type Part = readonly [Schema, unknown]

function parts(schema: Schema, value: unknown): readonly Part[] {
  const { def } = schema._zod
  switch (def.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null) return []
      const shape = def.shape as Readonly<Record<string, Schema>>
      return Object.entries(value).flatMap(([name, one]): Part[] => {
        const field = Object.hasOwn(shape, name) ? shape[name] : undefined
        return field === undefined ? [] : [[field, one]]
      })
    }
    case 'array':
      return Array.isArray(value) ? value.map((one: unknown): Part => [def.element as Schema, one]) : []
    case 'record':
      return typeof value === 'object' && value !== null
        ? Object.values(value).map((one: unknown): Part => [def.valueType as Schema, one])
        : []
    case 'union':
      return def.options.map((option): Part => [option as Schema, value])
    case 'nullable':
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return [[def.innerType as Schema, value]]
    case 'pipe':
      return [[def.in as Schema, value]]
    default:
      return []
  }
}
