/** The frame around every screen. */
export function Shell() {
  return <main>Firn</main>
}
