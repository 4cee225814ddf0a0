/** Where the pages of a long list may begin, so that a scroll bar can jump into it. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { numberOf } from '../rows.ts'
import { allStudies, onItem, onStudy, studiesOfSet, withMatched, type Studies } from './filter.ts'
import type { Look } from './look.ts'
import { cursorOf } from './pages.ts'

type Input = Parsed<'explorer.bookmarks'>
type Marks = { readonly marks: (string | null)[]; readonly rows: number }

const mostMarks = 5000
const studiesAtOnce = 5000

export async function bookmarks(look: Look, input: Input): Promise<Answer<'explorer.bookmarks'>> {
  const { marks, rows } =
    input.of === 'items'
      ? await withMatched(look, input, (set) => amongItems(look, input, set))
      : onItem(look, input) === undefined
        ? await amongStudies(look, input, allStudies)
        : await withMatched(look, input, (set) => amongStudies(look, input, studiesOfSet(set)))
  return { rows, marks: marks.slice(0, mostMarks), more: marks.length > mostMarks }
}

async function amongStudies(look: Look, input: Input, { from, id, values }: Studies): Promise<Marks> {
  const conditions = onStudy(input)
  const matching = `FROM ${from} AND ${conditions.sql} AND ${id} > ?`
  const given = [...values, ...conditions.values]
  const marks: (string | null)[] = []
  let rows = 0
  for (let after = 0; ;) {
    const end = look.database.get(
      `SELECT count(*) AS rows, max(id) AS last FROM (SELECT s.id ${matching} ORDER BY ${id} LIMIT ?)`,
      ...given,
      after,
      input.every,
    )
    const found = end === undefined ? 0 : numberOf(end, 'rows')
    if (end === undefined || found === 0) return { marks, rows }
    if (marks.length <= mostMarks) marks.push(after === 0 ? null : cursorOf([after]))
    rows += found
    after = numberOf(end, 'last')
    if (marks.length % 50 === 0) await look.pause()
  }
}

/** Studies are passed over by the number of their matching items; only where a mark falls is one looked into. */
async function amongItems(look: Look, input: Input, set: number): Promise<Marks> {
  const { from, id, values } = studiesOfSet(set)
  const conditions = onStudy(input)
  const item = onItem(look, input) ?? { sql: 'TRUE', values: [] }
  const marks: (string | null)[] = [null]
  let rows = 0
  for (let after = 0; ;) {
    const studies = look.database.all(
      `SELECT s.id, m.items FROM ${from} AND ${conditions.sql} AND ${id} > ? ORDER BY ${id} LIMIT ${studiesAtOnce}`,
      ...values,
      ...conditions.values,
      after,
    )
    const last = studies.at(-1)
    if (last === undefined) break
    for (const study of studies) {
      const [number, items] = [numberOf(study, 'id'), numberOf(study, 'items')]
      let [at, passed] = [0, 0]
      // A mark stands before a row: one that would stand behind the last is none.
      for (let next = marks.length * input.every - rows; next <= items && marks.length <= mostMarks; next += input.every) {
        const row = look.database.get(
          `SELECT i.id FROM items i INDEXED BY items_by_study WHERE i.study_id = ? AND i.id > ? AND ${item.sql} ORDER BY i.id LIMIT 1 OFFSET ?`,
          number,
          at,
          ...item.values,
          next - passed - 1,
        )
        if (row === undefined) break
        ;[at, passed] = [numberOf(row, 'id'), next]
        marks.push(cursorOf([number, at]))
      }
      rows += items
    }
    after = numberOf(last, 'id')
    await look.pause()
  }
  const needed = Math.min(mostMarks + 1, Math.ceil(rows / input.every))
  return { marks: marks.slice(0, needed), rows }
}
