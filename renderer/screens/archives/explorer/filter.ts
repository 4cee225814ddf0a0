/** The explorer's filter as tokens that a person sets, and as the question that is asked. Each property stands once. */
import { anomalyCodes } from '../../../../shared/domain/anomaly.ts'
import { inventoryFilter, type InventoryFilter } from '../../../../shared/contract/calls/archives.ts'

export type Token = { readonly propertyKey?: string; readonly operator: string; readonly value: unknown }

export const noFilter: InventoryFilter = inventoryFilter.parse({})

/** Later tokens win over earlier ones of the same meaning; what cannot be understood is left out. */
export function filterOf(tokens: readonly Token[]): InventoryFilter {
  let filter = noFilter
  for (const token of tokens) filter = { ...filter, ...partOf(token) }
  return filter
}

function partOf({ propertyKey, operator, value }: Token): Partial<InventoryFilter> {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text === '') return {}
  switch (propertyKey) {
    case 'modality':
      return { modality: text.slice(0, 16) }
    case 'year': {
      const year = Number(text)
      if (!Number.isInteger(year) || year < 1900 || year > 2100) return {}
      return operator === '<=' ? { yearTo: year } : operator === '>=' ? { yearFrom: year } : { yearFrom: year, yearTo: year }
    }
    case 'anomaly':
      return (anomalyCodes as readonly string[]).includes(text) ? { anomaly: text } : {}
    case 'kind':
      return text === 'dicom' || text === 'folder' ? { kind: text } : {}
    case 'verdict':
      return { verdict: text.slice(0, 16) }
    case 'route':
      return text === 'device' || text === 'share' || text === 'link' || text === 'none' ? { route: text } : {}
    case 'archive': {
      const archiveId = Number(text)
      return Number.isInteger(archiveId) && archiveId >= 0 ? { archiveId } : {}
    }
    default:
      return {}
  }
}

/** The tokens of a filter: what `filterOf` makes of them is the filter again. */
export function tokensOf(filter: InventoryFilter): readonly Token[] {
  const tokens: Token[] = []
  const add = (propertyKey: string, value: string | number | null, operator = '='): void => {
    if (value !== null) tokens.push({ propertyKey, operator, value: String(value) })
  }
  add('archive', filter.archiveId)
  add('modality', filter.modality)
  if (filter.yearFrom !== null && filter.yearFrom === filter.yearTo) add('year', filter.yearFrom)
  else {
    add('year', filter.yearFrom, '>=')
    add('year', filter.yearTo, '<=')
  }
  add('anomaly', filter.anomaly)
  add('kind', filter.kind)
  add('verdict', filter.verdict)
  add('route', filter.route)
  return tokens
}
