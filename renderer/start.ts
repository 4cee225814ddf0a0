/* placeholder floor until the desktop work: the renderer has no screens yet. */
export {}
