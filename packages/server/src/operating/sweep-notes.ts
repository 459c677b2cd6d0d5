import type { Notebook } from '@bailiwick/core'

const everyMs = 3_600_000

/** Forget expired notes now and then. @returns the way to stop. */
export function sweepNotes(notebook: Notebook): () => void {
  const timer = setInterval(() => {
    // One that fails is made up for by the next: an expired note is as good as gone.
    notebook.sweep().catch(() => {})
  }, everyMs).unref()
  return () => clearInterval(timer)
}
