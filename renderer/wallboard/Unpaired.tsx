/** What a screen shows that may not see the figures: how to pair it. */
import { useWords } from '../language.tsx'
import { boardWords } from './boardWords.ts'

export function Unpaired() {
  const say = useWords(boardWords)
  const refused = new URLSearchParams(location.search).get('code')
  return (
    <main className="board" data-state="none">
      <form className="pairing" action="./pair" method="get">
        <h1>{say.unpairedTitle}</h1>
        <p>{say.unpairedWhy}</p>
        {refused !== null && (
          <p className="bad" role="alert">
            ✕ {refused === 'too-many' ? say.tooMany : say.wrongCode}
          </p>
        )}
        <label>
          {say.code} <input name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={20} required />
        </label>
        <button type="submit">{say.pair}</button>
        {location.protocol === 'http:' && <p>⚠ {say.plainHttp}</p>}
      </form>
    </main>
  )
}
