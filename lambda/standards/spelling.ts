/**
 * The most similar word, or null if none is similar. The maximum distance is one edit for short words and a third of the
 * length for longer ones. Letter case and separators are ignored.
 */
export function closestWord(word: string, words: readonly string[]): string | null {
  if (word.length > longestWord) return null;
  const plainWord = plain(word);
  const maxEdits = Math.max(1, Math.floor(plainWord.length / 3));
  const ranked = words
    .map((candidate) => ({ candidate, edits: editDistance(plainWord, plain(candidate)) }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate ?? null;
}

/** The end of a sentence about a word that is not known: `; did you mean reject?`, or nothing. */
export function suggestionText(word: string, words: readonly string[]): string {
  const meant = closestWord(word, words);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

/** Longer words are not misspelled keys. The time of a comparison grows with the length. */
const longestWord = 200;

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row[j] = fewestEdits(a, b, i, j, row, rows);
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function fewestEdits(a: string, b: string, i: number, j: number, row: number[], rows: number[][]): number {
  const cell = (from: number[] | undefined, k: number) => from?.[k] ?? 0;
  const above = rows[i - 1];
  const substitution = cell(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const edit = Math.min(cell(above, j) + 1, cell(row, j - 1) + 1, substitution);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(edit, cell(rows[i - 2], j - 2) + 1) : edit;
}
