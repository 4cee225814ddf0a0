/** Evidence and history: what proves the move, and what happened when. */
export function Evidence() {
  return <p />
}
