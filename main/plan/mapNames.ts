/** Names that Snowball may refuse, carried on devices under names that it takes: only when the answers ask for it, and only where it is safe. */
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { Archive } from '../../shared/domain/archive.ts'
import { nameOnDevice } from '../../shared/domain/nameMapping.ts'
import { longestKey } from '../../shared/domain/names.ts'
import type { Item } from '../../shared/domain/item.ts'
import type { NameJournal } from '../../shared/ports/nameJournal.ts'
import { pathFromText, pathText, utf8Length } from '../../shared/units/itemPath.ts'
import type { Studies } from './groupStudies.ts'

/**
 * Studies that their names alone bar from devices are no longer barred where every item gets a key that is short enough and that no other item has.
 * The others go by another lane under their own names, as without the mapping.
 */
export function withMappedNames(
  chosen: Studies,
  answers: PlanAnswers,
  archives: readonly Archive[],
  journal: Pick<NameJournal, 'hasPath'>,
): Studies {
  if (answers.device.unsafeNames !== 'map') return chosen
  const prefixes = new Map(archives.map(({ id, prefix }) => [id, prefix]))
  const fits = ({ archiveId, path }: Item): boolean => {
    const text = pathText(path)
    if (text === undefined) return false
    const mapped = nameOnDevice(text)
    return (
      utf8Length(prefixes.get(archiveId) ?? '') + utf8Length(mapped) < longestKey &&
      (mapped === text || !journal.hasPath(archiveId, pathFromText(mapped)))
    )
  }
  return {
    itemsOf: (study) => chosen.itemsOf(study),
    *studies(smallBelow) {
      for (const study of chosen.studies(smallBelow)) {
        const opens = study.barredFromDevice && every(chosen.itemsOf(study.id), fits)
        yield opens ? { ...study, barredFromDevice: false } : study
      }
    },
  }
}

function every(items: Iterable<Item>, fits: (item: Item) => boolean): boolean {
  for (const item of items) if (!fits(item)) return false
  return true
}
