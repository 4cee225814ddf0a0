/** Settings. */
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { screenWords } from '../words/screens.ts'

export function Settings() {
  return <ScreenFrame title={useWords(screenWords).settings}>{null}</ScreenFrame>
}
